import type { Family } from '../families.js';
import type { OperatorTable } from '../operator.js';
import { binaryOperators } from './binary.js';
import { castOperators } from './cast.js';
import { compareOperators } from './compare.js';
import { gatherOperators } from './gather.js';
import { matmulOperators } from './matmul.js';
import { randomOperators } from './random.js';
import { reduceOperators } from './reduce.js';
import { runningOperators } from './running.js';
import { shapeOperators } from './shape.js';
import { softmaxOperators } from './softmax.js';
import { unaryOperators } from './unary.js';

/** What nearly every model needs: loaded with the runtime. */
const everyday: OperatorTable = {
  ...binaryOperators,
  ...unaryOperators,
  ...compareOperators,
  ...castOperators,
  ...reduceOperators,
  ...softmaxOperators,
  ...matmulOperators,
  ...shapeOperators,
  ...gatherOperators,
  ...runningOperators,
};

/** Operators that make, move, sort and pad. */
const arranging = [
  ...['BitCast', 'CenterCropPad', 'Clip', 'Compress', 'Constant', 'ConstantOfShape', 'DepthToSpace', 'Dropout'],
  ...['Einsum', 'EyeLike', 'GatherND', 'NonMaxSuppression', 'NonZero', 'Pad', 'Range', 'ReverseSequence', 'Scatter'],
  ...['ScatterElements', 'ScatterND', 'SpaceToDepth', 'TensorScatter', 'TopK', 'Trilu', 'Unique'],
];
const control = [
  ...['If', 'Loop', 'Scan', 'SequenceEmpty', 'SequenceConstruct', 'SequenceInsert', 'SequenceErase', 'SequenceAt'],
  ...['SequenceLength', 'ConcatFromSequence', 'SplitToSequence', 'SequenceMap', 'Optional', 'OptionalGetElement'],
  'OptionalHasElement',
];
const neural = [
  ...['AffineGrid', 'Attention', 'AveragePool', 'BatchNormalization', 'BlackmanWindow', 'CausalConvWithState'],
  ...['Col2Im', 'Conv', 'ConvInteger', 'ConvTranspose', 'DFT', 'DeformConv', 'DequantizeLinear', 'Det'],
  ...['DynamicQuantizeLinear', 'GRU', 'GlobalAveragePool', 'GlobalLpPool', 'GlobalMaxPool', 'GridSample'],
  ...['GroupNormalization', 'HammingWindow', 'HannWindow', 'InstanceNormalization', 'LRN', 'LSTM'],
  ...['LayerNormalization', 'LinearAttention', 'LpNormalization', 'LpPool', 'MatMulInteger', 'MaxPool'],
  ...['MaxUnpool', 'MeanVarianceNormalization', 'MelWeightMatrix', 'NegativeLogLikelihoodLoss', 'PRelu'],
  ...['QLinearConv', 'QLinearMatMul', 'QuantizeLinear', 'RMSNormalization', 'RNN', 'Resize', 'RoiAlign'],
  ...['RotaryEmbedding', 'STFT', 'SoftmaxCrossEntropyLoss', 'SwiGLU', 'Upsample'],
  ...['ai.onnx.preview.training:Adagrad', 'ai.onnx.preview.training:Adam', 'ai.onnx.preview.training:Momentum'],
  ...['ai.onnx.preview:FlexAttention'],
];
/** Refused by name, with the reason. */
const random = Object.keys(randomOperators);
const text = [
  'StringConcat',
  'StringSplit',
  'RegexFullMatch',
  'StringNormalizer',
  'TfIdfVectorizer',
  'com.microsoft:MurmurHash3',
  'com.microsoft:Tokenizer',
];
/** What onnxruntime's optimisers and quantisers write in the place of standard operators. */
const contrib = [
  ...['Attention', 'BiasGelu', 'DequantizeLinear', 'DynamicQuantizeMatMul', 'EmbedLayerNormalization', 'FastGelu'],
  ...['FusedConv', 'FusedGemm', 'FusedMatMul', 'Gelu', 'MatMulIntegerToFloat', 'MatMulNBits', 'MultiHeadAttention'],
  ...['QAttention', 'QGemm', 'QLinearAdd', 'QLinearConcat', 'QLinearGlobalAveragePool', 'QLinearLeakyRelu'],
  ...['QLinearMul', 'QLinearSigmoid', 'QLinearSoftmax', 'QuantizeLinear', 'QuickGelu', 'SkipLayerNormalization'],
  'SkipSimplifiedLayerNormalization',
].map((name) => `com.microsoft:${name}`);
const ml = (...names: string[]): string[] => names.map((name) => `ai.onnx.ml:${name}`);

/** The operators of ONNX and its companions, by the groups in which they load. */
export const OP_FAMILIES: readonly Family[] = [
  { operators: Object.keys(everyday), load: () => Promise.resolve(everyday) },
  { operators: arranging, load: async () => (await import('./arranging.js')).arrangingOperators },
  { operators: neural, load: async () => (await import('./nn/index.js')).neuralOperators },
  { operators: random, load: () => Promise.resolve(randomOperators) },
  { operators: text, load: async () => (await import('./strings/strings.js')).stringOperators },
  { operators: ['com.microsoft:CDist'], load: async () => (await import('./distances.js')).distanceOperators },
  {
    operators: [...contrib, 'SimplifiedLayerNormalization'],
    load: async () => (await import('./contrib/index.js')).contribOperators,
  },
  { operators: control, load: async () => (await import('./flow.js')).flowOperators },
  {
    operators: [
      ...ml('ArrayFeatureExtractor', 'Binarizer', 'CastMap', 'CategoryMapper', 'DictVectorizer', 'FeatureVectorizer'),
      ...ml('Imputer', 'LabelEncoder', 'LinearClassifier', 'LinearRegressor', 'Normalizer', 'OneHotEncoder', 'Scaler'),
      ...ml(
        'SVMClassifier',
        'SVMRegressor',
        'TreeEnsemble',
        'TreeEnsembleClassifier',
        'TreeEnsembleRegressor',
        'ZipMap',
      ),
    ],
    load: async () => (await import('./ml/index.js')).mlOperators,
  },
];
