// Written by tools/rules.mjs from the files beside it; do not edit.
import type { Rule } from './rule.js';
import archiveHiddenData from './archive-hidden-data.js';
import archiveLink from './archive-link.js';
import archiveMismatch from './archive-mismatch.js';
import archiveTwoMembers from './archive-two-members.js';
import archiveTwoReadings from './archive-two-readings.js';
import attributeChain from './attribute-chain.js';
import authorPath from './author-path.js';
import brokenFrame from './broken-frame.js';
import carriedCode from './carried-code.js';
import carriedSource from './carried-source.js';
import dangerousCall from './dangerous-call.js';
import dangerousName from './dangerous-name.js';
import forbiddenFormat from './forbidden-format.js';
import forbiddenName from './forbidden-name.js';
import hiddenPickle from './hidden-pickle.js';
import hookedState from './hooked-state.js';
import javaGadget from './java-gadget.js';
import javaSerialised from './java-serialised.js';
import kerasFile from './keras-file.js';
import kerasLambda from './keras-lambda.js';
import kerasUnsafe from './keras-unsafe.js';
import limitReached from './limit-reached.js';
import nativeCode from './native-code.js';
import nativePlugin from './native-plugin.js';
import needsPackages from './needs-packages.js';
import notAModel from './not-a-model.js';
import notExamined from './not-examined.js';
import onnxOperator from './onnx-operator.js';
import outsideFile from './outside-file.js';
import outsideReference from './outside-reference.js';
import pathEscape from './path-escape.js';
import resourceBomb from './resource-bomb.js';
import runsCarriedCode from './runs-carried-code.js';
import secret from './secret.js';
import skopsTwoNames from './skops-two-names.js';
import sourceReaches from './source-reaches.js';
import stateOfAName from './state-of-a-name.js';
import stateRunsCode from './state-runs-code.js';
import templateInjection from './template-injection.js';
import tfOperator from './tf-operator.js';
import torchStorage from './torch-storage.js';
import torchscriptOperator from './torchscript-operator.js';
import trailingData from './trailing-data.js';
import twoReadings from './two-readings.js';
import unknownCall from './unknown-call.js';
import unknownName from './unknown-name.js';
import unknownOperator from './unknown-operator.js';
import unreadable from './unreadable.js';
import xmlEntity from './xml-entity.js';

/** What the audit looks for, by id. */
export const rules = {
  'archive-hidden-data': archiveHiddenData,
  'archive-link': archiveLink,
  'archive-mismatch': archiveMismatch,
  'archive-two-members': archiveTwoMembers,
  'archive-two-readings': archiveTwoReadings,
  'attribute-chain': attributeChain,
  'author-path': authorPath,
  'broken-frame': brokenFrame,
  'carried-code': carriedCode,
  'carried-source': carriedSource,
  'dangerous-call': dangerousCall,
  'dangerous-name': dangerousName,
  'forbidden-format': forbiddenFormat,
  'forbidden-name': forbiddenName,
  'hidden-pickle': hiddenPickle,
  'hooked-state': hookedState,
  'java-gadget': javaGadget,
  'java-serialised': javaSerialised,
  'keras-file': kerasFile,
  'keras-lambda': kerasLambda,
  'keras-unsafe': kerasUnsafe,
  'limit-reached': limitReached,
  'native-code': nativeCode,
  'native-plugin': nativePlugin,
  'needs-packages': needsPackages,
  'not-a-model': notAModel,
  'not-examined': notExamined,
  'onnx-operator': onnxOperator,
  'outside-file': outsideFile,
  'outside-reference': outsideReference,
  'path-escape': pathEscape,
  'resource-bomb': resourceBomb,
  'runs-carried-code': runsCarriedCode,
  secret: secret,
  'skops-two-names': skopsTwoNames,
  'source-reaches': sourceReaches,
  'state-of-a-name': stateOfAName,
  'state-runs-code': stateRunsCode,
  'template-injection': templateInjection,
  'tf-operator': tfOperator,
  'torch-storage': torchStorage,
  'torchscript-operator': torchscriptOperator,
  'trailing-data': trailingData,
  'two-readings': twoReadings,
  'unknown-call': unknownCall,
  'unknown-name': unknownName,
  'unknown-operator': unknownOperator,
  unreadable: unreadable,
  'xml-entity': xmlEntity,
} as const satisfies Record<string, Rule>;

/** The ids are part of the contract: people filter by them. */
export type RuleId = keyof typeof rules;
