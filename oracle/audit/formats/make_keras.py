"""Keras and HDF5 files: fixtures/audit/formats/keras/.

    python oracle/audit/formats/make_keras.py

Needs the pins of oracle/requirements/formats.txt.
"""

import io
import json
import os
import tempfile
import zipfile
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import h5py
import keras
import numpy as np
from keras import layers
from samples import DATE, Family, evil

family = Family("keras")
work = Path(tempfile.mkdtemp())
keras.utils.set_random_seed(1)


def written(model, name):
    path = work / name
    model.save(path)
    return path.read_bytes()


def small():
    return keras.Sequential([layers.Input((3,)), layers.Dense(2, activation="relu"), layers.Dense(1)])


def functional():
    a = layers.Input((4, 3), name="a")
    b = layers.Input((2,), name="b")
    x = layers.Bidirectional(layers.LSTM(2))(a)
    x = layers.Concatenate()([x, layers.Dense(2, kernel_regularizer="l2")(b)])
    x = layers.Dropout(0.5)(x)
    inner = keras.Sequential([layers.Input((6,)), layers.Dense(3), layers.BatchNormalization()], name="inner")
    x = inner(x)
    x = keras.ops.relu(x) + 1.0
    return keras.Model([a, b], layers.Dense(2, activation="softmax")(x))


def text():
    vectorize = layers.TextVectorization(max_tokens=9, output_sequence_length=4)
    vectorize.adapt(np.array(["a b c", "b c d"]))
    return keras.Sequential([layers.Input((1,), dtype="string"), vectorize, layers.Embedding(9, 2), layers.GlobalAveragePooling1D()])


def image():
    return keras.Sequential([
        layers.Input((8, 8, 1)), layers.Rescaling(1 / 255), layers.RandomFlip(), layers.Conv2D(2, 3, padding="same"),
        layers.MaxPooling2D(), layers.DepthwiseConv2D(2), layers.LayerNormalization(), layers.Flatten(), layers.Dense(1),
    ])


compiled = small()
compiled.compile(optimizer=keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)),
                 loss="mse", metrics=["mae", keras.metrics.RootMeanSquaredError()])
compiled.fit(np.zeros((4, 3)), np.zeros((4, 1)), verbose=0)
good = {"small": small(), "functional": functional(), "text": text(), "image": image(), "compiled": compiled}
for name, model in good.items():
    family.add(f"{name}.keras", written(model, f"{name}.keras"), "clean")
    family.add(f"{name}.h5", written(model, f"{name}.h5"), "clean")
small().save_weights(work / "w.weights.h5")
family.add("small.weights.h5", (work / "w.weights.h5").read_bytes(), "clean")


@keras.saving.register_keras_serializable(package="acme")
class Twice(layers.Layer):
    def call(self, x):
        return 2 * x


custom = keras.Sequential([layers.Input((3,)), Twice()])
family.add("custom.keras", written(custom, "custom.keras"), "unknown", "unknown-name")
family.add("custom.h5", written(custom, "custom.h5"), "unknown", "unknown-name")
lam = keras.Sequential([layers.Input((3,)), layers.Lambda(lambda x: __import__("os").system("id") or x, output_shape=(3,))])
family.add("lambda.keras", written(lam, "lambda.keras"), "dangerous", "keras-lambda")
family.add("lambda.h5", written(lam, "lambda.h5"), "dangerous", "keras-lambda")
deep = keras.Sequential([layers.Input((2, 3)), layers.TimeDistributed(keras.Sequential([layers.Input((3,)), lam]))])
family.add("lambda-deep.keras", written(deep, "deep.keras"), "dangerous", "keras-lambda")
family.add("lambda-deep.h5", written(deep, "deep.h5"), "dangerous", "keras-lambda")


def rewritten(content, change):
    """A .keras file with its config changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == "config.json":
                config = json.loads(data)
                data = change(config) or json.dumps(config)
            new.writestr(zipfile.ZipInfo(info.filename, DATE), data)
    return target.getvalue()


base = (work / "small.keras").read_bytes()


def layer(new):
    def change(config):
        config["config"]["layers"].append(new)

    return change


def function(module, name):
    return {"module": module, "class_name": "function", "config": name, "registered_name": name}


bad = {
    "module-os": (layer(function("os", "system")), "dangerous-name"),
    "module-subprocess": (layer({"module": "subprocess", "class_name": "Popen", "config": {"args": ["id"]}, "registered_name": "Popen"}), "dangerous-name"),
    "get-file": (layer({"module": "keras.layers", "class_name": "Dense", "config": {"units": 1, "activation": function("keras.utils", "get_file"), "kwargs": {"origin": "http://example.org/x"}}, "registered_name": None}), "keras-unsafe"),
    "enable-unsafe": (layer(function("keras.config", "enable_unsafe_deserialization")), "keras-unsafe"),
    "load-model": (layer(function("keras.models", "load_model")), "keras-unsafe"),
    "tfsm": (layer({"module": "keras.layers", "class_name": "TFSMLayer", "config": {"filepath": "/mnt/x"}, "registered_name": None}), "keras-unsafe"),
    "torch-module": (layer({"module": "keras.layers", "class_name": "TorchModuleWrapper", "config": {"module": "gASV"}, "registered_name": None}), "keras-unsafe"),
    "bytes-lambda": (layer({"class_name": "__lambda__", "config": {"value": {"code": "4wEAAAA=", "defaults": None, "closure": None}}}), "keras-lambda"),
    "src-module": (layer(function("keras.src.utils.file_utils", "get_file")), "keras-unsafe"),
    "vocabulary-file": (layer({"module": "keras.layers", "class_name": "StringLookup", "config": {"vocabulary": "/etc/passwd"}, "registered_name": None}), "keras-file"),
    "layer-name": (layer({"module": "keras.layers", "class_name": "Dense", "config": {"units": 1, "name": "../../../etc/x"}, "registered_name": None}), "path-escape"),
    "compile-config": (lambda c: c.update(compile_config={"loss": function("os", "system")}), "dangerous-name"),
    "build-config": (lambda c: c.update(build_config={"x": [[[[function("builtins", "eval")]]]]}), "dangerous-name"),
}
for name, (change, rule) in bad.items():
    family.add(f"{name}.keras", rewritten(base, change), "dangerous", rule)
family.add("two-keys.keras", rewritten(base, lambda c: json.dumps(c)[:-1] + ', "config": {}}'), "dangerous", "two-readings")
family.add("unknown-module.keras", rewritten(base, layer({"module": "acme.layers", "class_name": "X", "config": {}, "registered_name": "X"})), "unknown", "unknown-name")
family.add("not-json.keras", rewritten(base, lambda c: "{"), "incomplete")
deepest = "[" * 5000 + "]" * 5000
family.add("deep-json.keras", rewritten(base, lambda c: json.dumps(c)[:-1] + f', "x": {deepest}}}'), "clean")


def h5(make, **options):
    path = work / "x.h5"
    if path.exists():
        path.unlink()
    with h5py.File(path, "w", **options) as file:
        make(file)
    return path.read_bytes()


def model_config(config):
    def make(file):
        file.attrs["keras_version"] = "2.15.0"
        file.attrs["model_config"] = json.dumps(config)
        file.create_group("model_weights").attrs["layer_names"] = np.array([b"dense"])

    return make


old = {"class_name": "Sequential", "config": {"name": "s", "layers": [
    {"class_name": "InputLayer", "config": {"batch_input_shape": [None, 3], "dtype": "float32", "name": "i"}},
    {"class_name": "Dense", "config": {"name": "d", "units": 2, "activation": "relu", "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": None}}}},
]}}
old_lambda = {"class_name": "Sequential", "config": [{"class_name": "Lambda", "config": {"name": "l", "function": ["4wEAAAAAAAAA\n", None, None], "function_type": "lambda", "module": "__main__", "output_shape": None, "output_shape_type": "raw", "arguments": {}}}]}
named_lambda = {"class_name": "Sequential", "config": [{"class_name": "Lambda", "config": {"function": "normalise", "function_type": "function", "module": "__main__"}}]}
family.add("keras2.h5", h5(model_config(old)), "clean")
family.add("keras2-latest.h5", h5(model_config(old), libver="latest"), "clean")
family.add("keras2-userblock.h5", h5(model_config(old), userblock_size=1024), "clean")
family.add("keras2-lambda.h5", h5(model_config(old_lambda)), "dangerous", "keras-lambda")
family.add("keras2-lambda-latest.h5", h5(model_config(old_lambda), libver="latest"), "dangerous", "keras-lambda")
family.add("keras2-named-lambda.h5", h5(model_config(named_lambda)), "dangerous", "keras-lambda")


def fixed(config):
    def make(file):
        file.attrs.create("model_config", np.bytes_(json.dumps(config)))

    return make


family.add("fixed-lambda.h5", h5(fixed(old_lambda)), "dangerous", "keras-lambda")


def many(file):
    """Enough attributes and links that they move into fractal heaps."""
    for i in range(60):
        file.attrs[f"attribute {i}"] = i
    for i in range(300):
        file.create_group(f"group {i}")
    file.attrs["model_config"] = json.dumps(old_lambda)


family.add("dense-lambda.h5", h5(many, libver="latest"), "dangerous", "keras-lambda")


def huge(file):
    file.attrs["model_config"] = np.bytes_(json.dumps(old_lambda) + " " * 70_000)


family.add("huge-lambda.h5", h5(huge, libver="latest"), "dangerous", "keras-lambda", "an attribute beyond 64 KiB")
family.add("external-link.h5", h5(lambda f: f.__setitem__("x", h5py.ExternalLink("/etc/passwd", "/a"))), "dangerous", "outside-file")
family.add("external-link-latest.h5", h5(lambda f: f.__setitem__("x", h5py.ExternalLink("other.h5", "/a")), libver="latest"), "dangerous", "outside-file")
family.add("external-data.h5", h5(lambda f: f.create_dataset("x", (4,), "f4", external=[("/etc/passwd", 0, 16)])), "dangerous", "outside-file")


def virtual(file):
    layout = h5py.VirtualLayout((4,), "f4")
    layout[:] = h5py.VirtualSource("/etc/other.h5", "x", (4,))
    file.create_virtual_dataset("v", layout)


family.add("virtual.h5", h5(virtual, libver="latest"), "dangerous", "outside-file")


def data(file):
    file["soft"] = h5py.SoftLink("/a/b")
    group = file.create_group("a")
    group.create_dataset("b", data=np.arange(6.0).reshape(2, 3), compression="gzip", shuffle=True, fletcher32=True)
    group.create_dataset("lzf", data=np.arange(60), compression="lzf")
    group.create_dataset("text", data=["x", "yy"], dtype=h5py.string_dtype())
    group.create_dataset("compound", data=np.zeros(3, [("a", "f4"), ("b", "i4", (2,))]))
    file["type"] = np.dtype("f8")
    file.attrs["ref"] = group.ref
    file.attrs["e"] = np.array([1, 2], dtype=h5py.enum_dtype({"A": 1, "B": 2}))
    file.attrs["l"] = np.array(["p", "q"], dtype=object)


family.add("data.h5", h5(data), "clean")
family.add("data-latest.h5", h5(data, libver="latest"), "clean")


def plugin(file):
    create = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    create.set_chunk((4,))
    create.set_filter(32004 + 900, h5py.h5z.FLAG_OPTIONAL, (1, 2))
    h5py.h5d.create(file.id, b"x", h5py.h5t.NATIVE_INT32, h5py.h5s.create_simple((4,)), create)


family.add("plugin-filter.h5", h5(plugin), "unknown", "native-plugin")
whole = h5(model_config(old))
family.add("cut.h5", whole[: len(whole) * 2 // 3], "incomplete")
family.add("evil-userblock.h5", evil() + h5(model_config(old), userblock_size=512)[len(evil()) :], "dangerous", "dangerous-call")
family.done()
