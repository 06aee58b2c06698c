import type { DenyTable } from './harms.js';

/** Libraries of networks, and what carries their models about. */
export const deep: readonly DenyTable[] = [
  {
    library: 'PyTorch',
    modules: {
      pickle:
        'torch.serialization torch.package torch.utils._config_module torch._weights_only_unpickler ' +
        'torch.utils.serialization torch.distributed.checkpoint torch.utils.data.datapipes.utils.decoder',
      network: 'torch.hub torch.utils.model_zoo',
      shell:
        'torch.utils.cpp_extension torch.utils.collect_env torch.utils.bottleneck torch.utils.hipify ' +
        'torch.utils.benchmark torch.distributed.launch torch.distributed.run torch.distributed.elastic ' +
        'torch.distributed.launcher torch._inductor torch._utils_internal torch.multiprocessing',
      code:
        'torch.fx torch._dynamo torch.jit torch.testing torch._export torch.export torch.distributed ' +
        'torch.library torch._library torch._jit_internal torch.utils._sympy torch._numpy.testing torch._deploy',
      files: 'torch.onnx torch.profiler torch.utils.tensorboard torch.utils.file_baton torch.utils.model_dump',
      native: 'torch._ops torch.ops torch.classes torch._classes torch.utils.dlpack torch.cuda.cudart',
    },
    names: {
      torch: {
        pickle: 'load',
        files: 'save from_file',
        code: 'compile script import_ir_module import_ir_module_from_buffer',
        native: 'from_dlpack classes ops PyTorchFileReader _C',
      },
      'torch.storage': {
        pickle: '_load_from_bytes',
      },
      'torch._C': {
        files: 'PyTorchFileReader PyTorchFileWriter',
        code: 'import_ir_module import_ir_module_from_buffer CompilationUnit ScriptModule ScriptFunction parse_ir',
        native: '_from_dlpack _to_dlpack _load_for_lite_interpreter',
      },
      'torch._tensor': { calls: '_rebuild_from_type _rebuild_from_type_v2' },
    },
    except: {
      'torch._C': '_TensorBase TensorBase Generator',
      'torch.jit._pickle':
        'build_intlist build_tensorlist build_doublelist build_boollist build_tensor_from_id restore_type_tag',
      'torch.serialization': '_get_layout',
    },
  },
  {
    library: 'PyTorch Lightning, torchvision and others',
    modules: {
      pickle: 'fairseq.checkpoint_utils fastai.learner lightning_fabric.utilities.cloud_io',
      network: 'torchvision.datasets torchaudio.datasets torchtext.datasets timm.models._hub',
    },
  },
  {
    library: 'TensorFlow',
    functions: { code: 'tensorflow tensorflow_core tensorflow_probability tensorflow_hub tf2onnx tflite_runtime' },
    modules: {
      files:
        'tensorflow.io tensorflow.python.lib.io tensorflow.python.platform tensorflow.python.ops.gen_io_ops tensorflow.io.gfile',
      code: 'tensorflow.python.ops.script_ops tensorflow.python.framework.load_library tensorflow.compat.v1.load_library',
      pickle: 'tensorflow.saved_model tensorflow.python.saved_model',
    },
    except: {
      'tensorflow.python.framework.dtypes': 'as_dtype DType',
      'tensorflow.python.framework.tensor_shape': 'TensorShape Dimension as_shape',
    },
  },
  {
    library: 'Keras',
    modules: {
      code:
        'keras.saving keras.src.saving keras.models keras.src.models keras.utils keras.src.utils keras.engine.saving ' +
        'keras.src.layers.core.lambda_layer keras.layers.core.lambda_layer tf_keras.src.saving keras.export keras.src.export ' +
        'keras.src.legacy.saving keras.api.saving',
    },
    functions: { code: 'keras tf_keras keras_core keras_hub keras_nlp keras_cv' },
    names: {
      'keras.layers': { code: 'Lambda TFSMLayer TorchModuleWrapper JaxLayer FlaxLayer' },
      'keras.src.layers': { code: 'Lambda TFSMLayer TorchModuleWrapper JaxLayer FlaxLayer' },
      'keras.src.utils.torch_utils': { pickle: 'TorchModuleWrapper' },
    },
  },
  {
    library: 'Hugging Face',
    modules: {
      code:
        'transformers.dynamic_module_utils transformers.utils.import_utils transformers.testing_utils ' +
        'transformers.commands transformers.convert_graph_to_onnx diffusers.utils.dynamic_modules_utils ' +
        'transformers.tools transformers.agents datasets.load evaluate.loading',
      network: 'transformers.utils.hub huggingface_hub datasets.download',
      pickle: 'transformers.modeling_tf_pytorch_utils transformers.modeling_flax_pytorch_utils',
    },
  },
  {
    library: 'JAX, MXNet, Paddle, Theano, ONNX',
    modules: {
      pickle: 'jax.experimental.serialize_executable mxnet.nd paddle.framework.io theano.compile theano.misc.pkl_utils',
      native: 'onnxruntime.capi cupy.cuda cupy._core.raw',
      files: 'onnx.external_data_helper onnx.hub onnx.utils',
      shell: 'theano.gof theano.link paddle.utils.cpp_extension paddle.utils.download',
    },
    names: { onnx: { files: 'load load_model save save_model' }, paddle: { pickle: 'load' }, mxnet: { code: 'rtc' } },
  },
];
