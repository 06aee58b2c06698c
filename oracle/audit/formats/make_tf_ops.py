"""Writes packages/core/src/audit/formats/tf-ops.ts: the operators that a TensorFlow graph may use.

    python oracle/audit/formats/make_tf_ops.py

By TensorFlow itself: operators without state compute and do nothing else, but for those named below; of those with
state, the ones that hold variables, tables, random numbers and control flow are listed by hand.
"""

import os
import re
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf
from tensorflow.python.framework import op_def_registry

from wrapped import wrap

OUT = Path(__file__).resolve().parents[3] / "packages/core/src/audit/formats/tf-ops.ts"
names = [n for n in dir(tf.raw_ops) if n[0].isupper()]
registered = {}
for name in names:
    definition = op_def_registry.get(name)
    if definition is not None:
        registered[name] = definition
# Files, networks, Python, other processes, and what runs at another place.
DENIED = re.compile(
    r".*(File|PyFunc|Save|Restore|Write|Reader|ReadFrom|Bigtable|Rpc|Grpc|Service|Server|Debug|Print|Assert|Trace|Summary|"
    r"Recv|Send|Collective|Nccl|Tpu|TPU|XlaLaunch|Dump|Event|Checkpoint|LoadAndRemap|Shard|Barrier|Quene|Record|Fact|Abort|"
    r"Stub|Callable|RemoteCall|Executor|Cluster|Session|Remote|Worker|Coordinat|Compile|GetMinibatch|Sdca|Snapshot|Lmdb|SqlD|"
    r"Audio|Video|Sleep|KafkaD|Kinesis|Encode|Decode(?!Base64|Raw|Padded|Jpeg|Png|Bmp|Gif|Image|Csv|CSV|JSON|Compressed)).*|Mutex.*|.*Matching.*"
)
BY_HAND = """
VarHandleOp ReadVariableOp AssignVariableOp AssignAddVariableOp AssignSubVariableOp VarIsInitializedOp DestroyResourceOp
VariableV2 Variable Assign AssignAdd AssignSub IsVariableInitialized ResourceGather ResourceGatherNd ResourceScatterAdd
ResourceScatterUpdate ResourceScatterNdUpdate ResourceScatterNdAdd ResourceScatterSub VariableShape TemporaryVariable
DestroyTemporaryVariable ScatterUpdate ScatterAdd ScatterSub ScatterNdUpdate ScatterNdAdd
StatefulPartitionedCall PartitionedCall If StatelessIf While StatelessWhile Case StatelessCase For NoOp Placeholder
PlaceholderWithDefault PlaceholderV2 SymbolicGradient Switch RefSwitch Merge RefMerge Enter RefEnter Exit RefExit NextIteration
RefNextIteration LoopCond ControlTrigger RefIdentity FakeParam _Arg _Retval Arg Retval _If _While DeviceIndex
HashTable HashTableV2 MutableHashTable MutableHashTableV2 MutableHashTableOfTensors MutableHashTableOfTensorsV2
MutableDenseHashTable MutableDenseHashTableV2 AnonymousHashTable AnonymousMutableHashTable AnonymousMutableDenseHashTable
LookupTableFind LookupTableFindV2 LookupTableSize LookupTableSizeV2 LookupTableInsert LookupTableInsertV2 LookupTableRemoveV2
LookupTableExport LookupTableExportV2 LookupTableImport LookupTableImportV2 InitializeTable InitializeTableV2
RandomUniform RandomUniformInt RandomStandardNormal TruncatedNormal ParameterizedTruncatedNormal RandomGamma RandomPoisson
RandomPoissonV2 Multinomial RandomShuffle RandomCrop RngReadAndSkip RngSkip StatefulStandardNormalV2 StatefulUniform
StatefulUniformInt StatefulUniformFullInt StatefulTruncatedNormal StatefulRandomBinomial StatefulStandardNormal
SampleDistortedBoundingBox SampleDistortedBoundingBoxV2 LogUniformCandidateSampler UniformCandidateSampler
LearnedUnigramCandidateSampler FixedUnigramCandidateSampler AllCandidateSampler ThreadUnsafeUnigramCandidateSampler
TensorArray TensorArrayV2 TensorArrayV3 TensorArrayCloseV3 TensorArrayConcatV3 TensorArrayGatherV3 TensorArrayGradV3
TensorArrayReadV3 TensorArrayScatterV3 TensorArraySizeV3 TensorArraySplitV3 TensorArrayWriteV3 TensorArrayGradWithShape
TensorArrayPack TensorArrayUnpack Stack StackV2 StackPush StackPushV2 StackPop StackPopV2 StackClose StackCloseV2
Assert Print PrintV2 MergeV2Checkpoints ShardedFilename SaveV2 RestoreV2 Save Restore SaveSlices RestoreSlice
BoostedTreesEnsembleResourceHandleOp BoostedTreesPredict BoostedTreesCreateEnsemble BoostedTreesDeserializeEnsemble
IsBoostedTreesEnsembleInitialized TreeEnsembleResourceHandleOp DecisionTreeResourceHandleOp DecodeProtoV2 EncodeProto EncodeBase64 EncodeJpeg EncodePng
StringFormat Timestamp AdjustContrastv2 ApplyAdam ResourceApplyAdam ResourceApplyGradientDescent ApplyGradientDescent
ResourceApplyMomentum ApplyMomentum ResourceApplyAdagrad ResourceApplyAdadelta ResourceApplyRMSProp ResourceApplyFtrl
ResourceApplyAdamWithAmsgrad ResourceApplyKerasMomentum ResourceSparseApplyAdagrad ResourceSparseApplyMomentum
ApplyAdagrad ApplyRMSProp ApplyFtrl CTCGreedyDecoder CTCBeamSearchDecoder CheckNumerics CheckNumericsV2 CudnnRNN CudnnRNNV2
CudnnRNNV3 CudnnRNNBackprop CudnnRNNBackpropV2 CudnnRNNBackpropV3 Empty GuaranteeConst UnicodeDecode UnicodeDecodeWithOffsets
UnicodeEncode StatelessRandomGetAlg DisableCopyOnRead AudioSpectrogram DecodeWav EncodeWav DecodeAndCropJpeg DecodeWebP
TensorArrayWrite TensorArrayWriteV2 TensorArrayGrad TensorArrayGradV2 NonDeterministicInts DeepCopy SyncDevice
""".split()
# A SavedModel saves and restores its own variables; where to is an input, so these are told apart from the rest.
CHECKPOINT = ["SaveV2", "RestoreV2", "Save", "Restore", "SaveSlices", "RestoreSlice", "MergeV2Checkpoints", "ShardedFilename"]
stateless = {n for n, d in registered.items() if not d.is_stateful and not DENIED.fullmatch(n)}
# Of tf.data, what reads files or reaches a service is left out too.
FILES = re.compile(r".*(TextLine|CSV|LMDB|Load|Cache|Register|Rewrite|ModelProto).*")
data = {n for n in registered if re.search(r"Dataset|Iterator", n) and not DENIED.fullmatch(n) and not FILES.fullmatch(n)}
by_hand = set(BY_HAND) - set(CHECKPOINT) | {n for n in registered if re.match(r"Resource(Sparse)?(Apply|Scatter|Strided|Gather)", n)}
allowed = (stateless - data) | by_hand | {"ParseExample", "ParseExampleV2", "ParseSingleExample", "DecodeRaw", "DecodeCSV", "DecodeJSONExample"}


OUT.write_text(f"""/**
 * The operators of TensorFlow {tf.__version__} that compute and do nothing else. Written by
 * oracle/audit/formats/make_tf_ops.py.
 */
export const tfOperators =
  '{wrap(sorted(allowed), 110, 2)}';

/** Operators that save and restore a model's own variables; every SavedModel has them. */
export const tfCheckpointOperators =
  '{wrap(sorted(CHECKPOINT), 110, 2)}';

/** Operators of tf.data, which hold functions of their own. */
export const tfDataOperators =
  '{wrap(sorted({n for n in data}), 110, 2)}';
""")
print(len(registered), len(allowed), len(data))
print("left out:", " ".join(sorted(set(registered) - allowed - data - set(CHECKPOINT))))
