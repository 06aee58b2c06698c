"""Writes packages/core/src/audit/formats/keras-names.ts: what Keras's own configs may name.

    python oracle/audit/formats/make_keras_names.py

By the library itself: its public names under the modules that hold layers, losses and the like, classes that have
`from_config`, and functions of tensors. Whatever reaches files, the network or code is left out by hand below, and so
unknown or denied.
"""

import inspect
import os
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras

OUT = Path(__file__).resolve().parents[3] / "packages/core/src/audit/formats/keras-names.ts"
MODULES = """activations constraints dtype_policies initializers layers losses metrics optimizers
optimizers.schedules optimizers.legacy regularizers random quantizers models ops ops.image ops.linalg ops.nn ops.numpy""".split()
# Layers that hold code or load files, and what is no part of a model.
NOT = {"Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer", "StringLookup", "TextVectorization",
       "load_model", "save_model", "clone_model", "model_from_json", "deserialize", "serialize", "get",
       "enable_unsafe_deserialization", "custom_gradient"}
# Vocabularies may be given as the path of a file: the examiner looks at that argument.
WITH_FILES = ["StringLookup", "IntegerLookup", "TextVectorization"]


def names(module):
    found = []
    for name in dir(module):
        value = getattr(module, name)
        if name.startswith("_") or name in NOT or inspect.ismodule(value):
            continue
        if inspect.isclass(value) and hasattr(value, "from_config"):
            found.append(name)
        elif inspect.isfunction(value) or callable(value) and not inspect.isclass(value):
            found.append(name)
    return found


table = {"keras": ["Sequential", "Model", "Variable", "DTypePolicy", "FloatDTypePolicy", "KerasTensor"]}
for path in MODULES:
    module = keras
    try:
        for part in path.split("."):
            module = getattr(module, part)
    except AttributeError:
        continue
    table[f"keras.{path}"] = sorted(set(names(module)))
table["keras.layers"] = sorted(set(table["keras.layers"]) | set(WITH_FILES))
table["keras.models"] = ["Functional", "Model", "Sequential"]
# Classes without a public name, by the modules in which Keras 2.13 to 3 keep them.
internal = {
    "keras.src.models.functional": ["Functional"],
    "keras.src.models.sequential": ["Sequential"],
    "keras.src.models.model": ["Model"],
    "keras.src.engine.functional": ["Functional"],
    "keras.src.engine.sequential": ["Sequential"],
    "keras.src.engine.training": ["Model"],
    "keras.src.ops.numpy": None,
    "keras.src.ops.core": None,
    "keras.src.ops.math": None,
    "keras.src.ops.nn": None,
    "keras.src.ops.image": None,
    "keras.src.ops.linalg": None,
    "keras.src.layers.core.tf_op_layer": ["TFOpLambda", "SlicingOpLambda", "ClassMethod"],
    "keras.src.losses.loss": ["Loss"],
    "keras.src.metrics.metric": ["Metric"],
    "keras.src.trainers.compile_utils": ["CompileMetrics", "CompileLoss", "MetricsList"],
    "keras.trainers.compile_utils": ["CompileMetrics", "CompileLoss", "MetricsList"],
}
import importlib

from keras.src.ops.operation import Operation

from wrapped import wrap

for module, listed in internal.items():
    if listed is None:
        loaded = importlib.import_module(module)
        listed = sorted(n for n in dir(loaded) if inspect.isclass(getattr(loaded, n)) and issubclass(getattr(loaded, n), Operation) and getattr(loaded, n).__module__ == module)
    table[module] = listed
del table["keras.src.layers.core.tf_op_layer"]
# Keras 2 wrote class names alone; these were its own, besides those that Keras 3 still has.
OLD = """BatchNormalizationV1 BatchNormalizationV2 CuDNNGRU CuDNNLSTM Functional GRUV2 LSTMV2 Model Sequential InputSpec
LocallyConnected1D LocallyConnected2D ThresholdedReLU Highway MaxoutDense RandomHeight RandomWidth SyncBatchNormalization
DenseFeatures Merge AtrousConvolution1D AtrousConvolution2D Convolution1D Convolution2D Convolution3D Deconvolution2D
MultiHeadAttention GlorotUniform GlorotNormal HeNormal HeUniform LecunNormal LecunUniform Zeros Ones Constant
RandomNormal RandomUniform TruncatedNormal VarianceScaling Orthogonal Identity L1L2 L1 L2 OrthogonalRegularizer
MaxNorm NonNeg UnitNorm MinMaxNorm RadialConstraint Policy ExperimentalRunEagerlyLoss""".split()
classes = sorted({n for m, ns in table.items() for n in ns if n[0].isupper()} | set(OLD))
functions = sorted({n for m, ns in table.items() for n in ns if n[0].islower()})


text = f"""/**
 * What Keras's configs may name without harm, as Keras {keras.__version__} has them and as older ones wrote them.
 * Written by oracle/audit/formats/make_keras_names.py; what holds code or reaches files is not among them.
 */

/** Module → names, as one text each. */
export const kerasModules: Readonly<Record<string, string>> = {{
"""
for module, listed in sorted(table.items()):
    text += f"  '{module}':\n    '{wrap(sorted(listed), 100, 4)}',\n"
text += f"""}};

/** Classes that are named without a module, as Keras 2 wrote them. */
export const kerasClasses =
  '{wrap(classes, 100, 2)}';

/** Functions that are named without a module. */
export const kerasFunctions =
  '{wrap(functions, 100, 2)}';
"""
OUT.parent.mkdir(exist_ok=True)
OUT.write_text(text)
print({m: len(n) for m, n in table.items()}, len(classes), len(functions))
