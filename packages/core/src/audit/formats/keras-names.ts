/**
 * What Keras's configs may name without harm, as Keras 3.15.1 has them and as older ones wrote them.
 * Written by oracle/audit/formats/make_keras_names.py; what holds code or reaches files is not among them.
 */

/** Module → names, as one text each. */
export const kerasModules: Readonly<Record<string, string>> = {
  keras: 'DTypePolicy FloatDTypePolicy KerasTensor Model Sequential Variable',
  'keras.activations':
    'celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu ' +
    'linear log_sigmoid log_softmax mish relu relu6 selu sigmoid silu soft_shrink softmax softplus ' +
    'softsign sparse_plus sparse_sigmoid sparsemax squareplus swish tanh tanh_shrink threshold',
  'keras.constraints': 'Constraint MaxNorm MinMaxNorm NonNeg UnitNorm max_norm min_max_norm non_neg unit_norm',
  'keras.dtype_policies':
    'AWQDTypePolicy DTypePolicy DTypePolicyMap FloatDTypePolicy GPTQDTypePolicy Int4DTypePolicy ' +
    'QuantizedDTypePolicy QuantizedFloat8DTypePolicy',
  'keras.initializers':
    'Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity IdentityInitializer Initializer ' +
    'LecunNormal LecunUniform Ones Orthogonal OrthogonalInitializer RandomNormal RandomUniform STFT ' +
    'STFTInitializer TruncatedNormal VarianceScaling Zeros constant glorot_normal glorot_uniform ' +
    'he_normal he_uniform identity lecun_normal lecun_uniform ones orthogonal random_normal ' +
    'random_uniform stft truncated_normal variance_scaling zeros',
  'keras.layers':
    'Activation ActivityRegularization AdaptiveAveragePooling1D AdaptiveAveragePooling2D ' +
    'AdaptiveAveragePooling3D AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D Add ' +
    'AdditiveAttention AlphaDropout Attention AugMix AutoContrast Average AveragePooling1D ' +
    'AveragePooling2D AveragePooling3D AvgPool1D AvgPool2D AvgPool3D BatchNormalization Bidirectional ' +
    'CategoryEncoding CenterCrop Concatenate ContrastLimitedAdaptiveHistogramEqualization Conv1D ' +
    'Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose ConvLSTM1D ConvLSTM2D ConvLSTM3D ' +
    'Convolution1D Convolution1DTranspose Convolution2D Convolution2DTranspose Convolution3D ' +
    'Convolution3DTranspose Cropping1D Cropping2D Cropping3D CutMix Dense DepthwiseConv1D DepthwiseConv2D ' +
    'Discretization Dot Dropout ELU EinsumDense Embedding Equalization Flatten GRU GRUCell ' +
    'GaussianDropout GaussianNoise GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D ' +
    'GlobalAvgPool1D GlobalAvgPool2D GlobalAvgPool3D GlobalMaxPool1D GlobalMaxPool2D GlobalMaxPool3D ' +
    'GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D GroupNormalization GroupQueryAttention ' +
    'HashedCrossing Hashing Identity Input InputLayer InputSpec IntegerLookup LSTM LSTMCell Layer ' +
    'LayerNormalization LeakyReLU Masking MaxNumBoundingBoxes MaxPool1D MaxPool2D MaxPool3D MaxPooling1D ' +
    'MaxPooling2D MaxPooling3D Maximum MelSpectrogram Minimum MixUp MultiHeadAttention Multiply ' +
    'Normalization PReLU Permute Pipeline RMSNormalization RNN RandAugment RandomBrightness ' +
    'RandomColorDegeneration RandomColorJitter RandomContrast RandomCrop RandomElasticTransform ' +
    'RandomErasing RandomFlip RandomGaussianBlur RandomGrayscale RandomHue RandomInvert RandomPerspective ' +
    'RandomPosterization RandomRotation RandomSaturation RandomSharpness RandomShear RandomTranslation ' +
    'RandomZoom ReLU RepeatVector Rescaling Reshape Resizing ReversibleEmbedding STFTSpectrogram ' +
    'SeparableConv1D SeparableConv2D SeparableConvolution1D SeparableConvolution2D SimpleRNN ' +
    'SimpleRNNCell Softmax Solarization SpatialDropout1D SpatialDropout2D SpatialDropout3D ' +
    'SpectralNormalization StackedRNNCells StringLookup Subtract TextVectorization TimeDistributed ' +
    'UnitNormalization UpSampling1D UpSampling2D UpSampling3D Wrapper ZeroPadding1D ZeroPadding2D ' +
    'ZeroPadding3D add average concatenate dot maximum minimum multiply subtract',
  'keras.losses':
    'BinaryCrossentropy BinaryFocalCrossentropy CTC CategoricalCrossentropy CategoricalFocalCrossentropy ' +
    'CategoricalGeneralizedCrossEntropy CategoricalHinge Circle CosineSimilarity Dice Hinge Huber ' +
    'KLDivergence LogCosh Loss MeanAbsoluteError MeanAbsolutePercentageError MeanSquaredError ' +
    'MeanSquaredLogarithmicError Poisson SparseCategoricalCrossentropy SquaredHinge Tversky ' +
    'binary_crossentropy binary_focal_crossentropy categorical_crossentropy ' +
    'categorical_focal_crossentropy categorical_generalized_cross_entropy categorical_hinge circle ' +
    'cosine_similarity ctc dice hinge huber kl_divergence log_cosh mean_absolute_error ' +
    'mean_absolute_percentage_error mean_squared_error mean_squared_logarithmic_error poisson ' +
    'sparse_categorical_crossentropy squared_hinge tversky',
  'keras.metrics':
    'AUC Accuracy BinaryAccuracy BinaryCrossentropy BinaryIoU CategoricalAccuracy CategoricalCrossentropy ' +
    'CategoricalHinge ConcordanceCorrelation CosineSimilarity F1Score FBetaScore FalseNegatives ' +
    'FalsePositives Hinge IoU KLDivergence LogCoshError Mean MeanAbsoluteError ' +
    'MeanAbsolutePercentageError MeanIoU MeanMetricWrapper MeanSquaredError MeanSquaredLogarithmicError ' +
    'Metric OneHotIoU OneHotMeanIoU PearsonCorrelation Poisson Precision PrecisionAtRecall R2Score Recall ' +
    'RecallAtPrecision RootMeanSquaredError SensitivityAtSpecificity SparseCategoricalAccuracy ' +
    'SparseCategoricalCrossentropy SparseTopKCategoricalAccuracy SpecificityAtSensitivity SquaredHinge ' +
    'Sum TopKCategoricalAccuracy TrueNegatives TruePositives binary_accuracy binary_crossentropy ' +
    'binary_focal_crossentropy categorical_accuracy categorical_crossentropy ' +
    'categorical_focal_crossentropy categorical_hinge concordance_correlation hinge huber kl_divergence ' +
    'log_cosh mean_absolute_error mean_absolute_percentage_error mean_squared_error ' +
    'mean_squared_logarithmic_error pearson_correlation poisson sparse_categorical_accuracy ' +
    'sparse_categorical_crossentropy sparse_top_k_categorical_accuracy squared_hinge ' +
    'top_k_categorical_accuracy',
  'keras.models': 'Functional Model Sequential',
  'keras.ops':
    'abs absolute adaptive_average_pool adaptive_max_pool add all allclose amax amin angle any append ' +
    'arange arccos arccosh arcsin arcsinh arctan arctan2 arctanh argmax argmin argpartition argsort array ' +
    'array_split associative_scan average average_pool bartlett batch_normalization binary_crossentropy ' +
    'bincount bitwise_and bitwise_invert bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift ' +
    'bitwise_xor blackman broadcast_to cast categorical_crossentropy cbrt cdist ceil celu cholesky ' +
    'cholesky_inverse clip concatenate cond conj conjugate conv conv_transpose convert_to_numpy ' +
    'convert_to_tensor copy corrcoef correlate cos cosh count_nonzero cross ctc_decode ctc_loss cumprod ' +
    'cumsum deg2rad depth_to_space depthwise_conv det diag diagflat diagonal diff digitize divide ' +
    'divide_no_nan dot dot_product_attention dsplit dstack dtype eig eigh einsum elu empty empty_like ' +
    'equal erf erfc erfinv exp exp2 expand_dims expm1 extract_sequences eye fabs fft fft2 flip fliplr ' +
    'flipud floor floor_divide fmax fmin fmod fold fori_loop full full_like gcd gelu geomspace get_item ' +
    'glu greater greater_equal hamming hanning hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh ' +
    'heaviside histogram hsplit hstack hypot i0 identity ifft2 imag in_top_k inner inv irfft is_tensor ' +
    'isclose isfinite isin isinf isnan isneginf isposinf isreal istft jvp kaiser kron layer_normalization ' +
    'lcm ldexp leaky_relu left_shift less less_equal linspace log log10 log1p log2 log_sigmoid ' +
    'log_softmax logaddexp logaddexp2 logdet logical_and logical_not logical_or logical_xor logspace ' +
    'logsumexp lstsq lu_factor map matmul matrix_rank max max_pool maximum mean median meshgrid min ' +
    'minimum mod moments moveaxis multi_hot multiply nan_to_num nanargmax nanargmin nancumprod nancumsum ' +
    'nanmax nanmean nanmedian nanmin nanpercentile nanprod nanquantile nanstd nansum nanvar ndim negative ' +
    'nextafter nonzero norm normalize not_equal one_hot ones ones_like outer pad percentile pinv polar ' +
    'power prod psnr ptp qr quantile rad2deg ravel real rearrange reciprocal relu relu6 repeat reshape ' +
    'rfft right_shift rms_normalization roll rot90 round rsqrt saturate_cast scan scatter scatter_update ' +
    'searchsorted segment_max segment_min segment_prod segment_sum select selu separable_conv shape ' +
    'sigmoid sign signbit silu sin sinc sinh size slice slice_update slogdet soft_shrink softmax softplus ' +
    'softsign solve solve_triangular sort space_to_depth sparse_categorical_crossentropy sparse_plus ' +
    'sparse_sigmoid sparsemax split sqrt square squareplus squeeze stack std stft stop_gradient subtract ' +
    'sum svd swapaxes swish switch take take_along_axis tan tanh tanh_shrink tensordot threshold tile ' +
    'top_k trace transpose trapezoid tri tril triu true_divide trunc unfold unique unravel_index unstack ' +
    'vander var vdot vectorize vectorized_map view view_as_complex view_as_real vsplit vstack where ' +
    'while_loop zeros zeros_like',
  'keras.ops.image':
    'affine_transform crop_images elastic_transform extract_patches extract_patches_3d gaussian_blur ' +
    'hsv_to_rgb map_coordinates pad_images perspective_transform resize rgb_to_grayscale rgb_to_hsv ' +
    'scale_and_translate sobel_edges ssim',
  'keras.ops.linalg':
    'cholesky cholesky_inverse det eig eigh inv jvp lstsq lu_factor matrix_rank norm pinv qr solve ' +
    'solve_triangular svd',
  'keras.ops.nn':
    'adaptive_average_pool adaptive_max_pool average_pool batch_normalization binary_crossentropy ' +
    'categorical_crossentropy celu conv conv_transpose ctc_decode ctc_loss depth_to_space depthwise_conv ' +
    'dot_product_attention elu fold gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh ' +
    'layer_normalization leaky_relu log_sigmoid log_softmax max_pool moments multi_hot normalize one_hot ' +
    'polar psnr relu relu6 rms_normalization selu separable_conv sigmoid silu soft_shrink softmax ' +
    'softplus softsign space_to_depth sparse_categorical_crossentropy sparse_plus sparse_sigmoid ' +
    'sparsemax squareplus swish tanh_shrink threshold unfold',
  'keras.ops.numpy':
    'abs absolute add all allclose amax amin angle any append arange arccos arccosh arcsin arcsinh arctan ' +
    'arctan2 arctanh argmax argmin argpartition argsort array array_split average bartlett bincount ' +
    'bitwise_and bitwise_invert bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift bitwise_xor ' +
    'blackman broadcast_to cbrt ceil clip concatenate conj conjugate copy corrcoef correlate cos cosh ' +
    'count_nonzero cross cumprod cumsum deg2rad diag diagflat diagonal diff digitize divide divide_no_nan ' +
    'dot dsplit dstack einsum empty empty_like equal exp exp2 expand_dims expm1 eye fabs flip fliplr ' +
    'flipud floor floor_divide fmax fmin fmod full full_like gcd geomspace get_item greater greater_equal ' +
    'hamming hanning heaviside histogram hsplit hstack hypot i0 identity imag inner isclose isfinite isin ' +
    'isinf isnan isneginf isposinf isreal kaiser kron lcm ldexp left_shift less less_equal linspace log ' +
    'log10 log1p log2 logaddexp logaddexp2 logical_and logical_not logical_or logical_xor logspace matmul ' +
    'max maximum mean median meshgrid min minimum mod moveaxis multiply nan_to_num nanargmax nanargmin ' +
    'nancumprod nancumsum nanmax nanmean nanmedian nanmin nanpercentile nanprod nanquantile nanstd nansum ' +
    'nanvar ndim negative nextafter nonzero not_equal ones ones_like outer pad percentile power prod ptp ' +
    'quantile rad2deg ravel real reciprocal repeat reshape right_shift roll rot90 round searchsorted ' +
    'select sign signbit sin sinc sinh size slogdet sort split sqrt square squeeze stack std subtract sum ' +
    'swapaxes take take_along_axis tan tanh tensordot tile trace transpose trapezoid tri tril triu ' +
    'true_divide trunc unique unravel_index vander var vdot vectorize view vsplit vstack where zeros ' +
    'zeros_like',
  'keras.optimizers':
    'Adadelta Adafactor Adagrad Adam AdamW Adamax Ftrl Lamb Lion LossScaleOptimizer MultiOptimizer Muon ' +
    'Nadam Optimizer OptimizerMap RMSprop SGD ScheduleFreeAdamW',
  'keras.optimizers.legacy': '',
  'keras.optimizers.schedules':
    'CosineDecay CosineDecayRestarts ExponentialDecay InverseTimeDecay LearningRateSchedule ' +
    'PiecewiseConstantDecay PolynomialDecay',
  'keras.quantizers':
    'AWQConfig AbsMaxQuantizer Float8QuantizationConfig GPTQConfig Int4QuantizationConfig ' +
    'Int8QuantizationConfig QuantizationConfig Quantizer abs_max_quantize ' +
    'abs_max_quantize_grouped_with_zero_point compute_float8_amax_history compute_float8_scale ' +
    'fake_quant_with_min_max_vars pack_int4 quantize_and_dequantize unpack_int4',
  'keras.random':
    'SeedGenerator beta binomial categorical dropout gamma normal randint shuffle truncated_normal ' + 'uniform',
  'keras.regularizers': 'L1 L1L2 L2 OrthogonalRegularizer Regularizer l1 l1_l2 l2 orthogonal_regularizer',
  'keras.src.engine.functional': 'Functional',
  'keras.src.engine.sequential': 'Sequential',
  'keras.src.engine.training': 'Model',
  'keras.src.losses.loss': 'Loss',
  'keras.src.metrics.metric': 'Metric',
  'keras.src.models.functional': 'Functional',
  'keras.src.models.model': 'Model',
  'keras.src.models.sequential': 'Sequential',
  'keras.src.ops.core':
    'AssociativeScan Cast Cond ConvertToTensor ForiLoop Map SaturateCast Scan Scatter ScatterUpdate Slice ' +
    'SliceUpdate StopGradient Switch Unstack VectorizedMap WhileLoop',
  'keras.src.ops.image':
    'AffineTransform CropImages ElasticTransform ExtractPatches GaussianBlur HSVToRGB MapCoordinates ' +
    'PadImages PerspectiveTransform RGBToGrayscale RGBToHSV Resize SSIM ScaleAndTranslate SobelEdges',
  'keras.src.ops.linalg':
    'Cholesky CholeskyInverse Det Eig Eigh Inv JVP Lstsq LuFactor MatrixRank Norm Pinv Qr SVD Solve ' +
    'SolveTriangular',
  'keras.src.ops.math':
    'CDist Erf Erfc Erfinv ExtractSequences FFT FFT2 IFFT2 IRFFT ISTFT InTopK Logdet Logsumexp RFFT Rsqrt ' +
    'STFT SegmentMax SegmentMin SegmentProd SegmentReduction SegmentSum TopK ViewAsComplex ViewAsReal',
  'keras.src.ops.nn':
    'AdaptiveAveragePool AdaptiveMaxPool AveragePool BatchNorm BinaryCrossentropy CTCDecode CTCLoss ' +
    'CategoricalCrossentropy Celu Conv ConvTranspose DepthToSpace DepthwiseConv DotProductAttention Elu ' +
    'Fold Gelu Glu HardShrink HardSigmoid HardSilu HardTanh LayerNorm LeakyRelu LogSigmoid LogSoftmax ' +
    'MaxPool Moments MultiHot Normalize OneHot PSNR Polar RMSNorm Relu Relu6 Selu SeparableConv Sigmoid ' +
    'Silu SoftShrink Softmax Softplus Softsign SpaceToDepth SparseCategoricalCrossentropy SparsePlus ' +
    'SparseSigmoid Sparsemax Squareplus TanhShrink Threshold Unfold',
  'keras.src.ops.numpy':
    'Abs Absolute Add All AllClose Amax Amin Angle Any Append Arange Arccos Arccosh Arcsin Arcsinh Arctan ' +
    'Arctan2 Arctanh Argmax Argmin Argpartition Argsort Array ArraySplit Average Bincount BitwiseAnd ' +
    'BitwiseInvert BitwiseLeftShift BitwiseNot BitwiseOr BitwiseRightShift BitwiseXor BroadcastTo Cbrt ' +
    'Ceil Clip Concatenate Conj Conjugate Copy Corrcoef Correlate Cos Cosh CountNonzero Cross Cumprod ' +
    'Cumsum Deg2rad Diag Diagflat Diagonal Diff Digitize Divide DivideNoNan Dot Dsplit Dstack Einsum ' +
    'EmptyLike Equal Exp Exp2 ExpandDims Expm1 Fabs Flip Fliplr Flipud Floor FloorDivide Fmax Fmin Fmod ' +
    'Full FullLike Gcd Geomspace GetItem Greater GreaterEqual Heaviside Histogram Hsplit Hstack Hypot I0 ' +
    'Imag Inner IsIn Isclose Isfinite Isinf Isnan Isneginf Isposinf Isreal Kron Lcm Ldexp LeftShift Less ' +
    'LessEqual Linspace Log Log10 Log1p Log2 Logaddexp Logaddexp2 LogicalAnd LogicalNot LogicalOr ' +
    'LogicalXor Logspace Matmul Max Maximum Mean Median Meshgrid Min Minimum Mod Moveaxis Multiply ' +
    'NanToNum Nanargmax Nanargmin Nancumprod Nancumsum Nanmax Nanmean Nanmedian Nanmin Nanpercentile ' +
    'Nanprod Nanquantile Nanstd Nansum Nanvar Ndim Negative Nextafter Nonzero NotEqual OnesLike Outer Pad ' +
    'Percentile Power Prod Ptp Quantile Rad2deg Ravel Real Reciprocal Repeat Reshape RightShift Roll ' +
    'Rot90 Round SearchSorted Select Sign Signbit Sin Sinc Sinh Size Slogdet Sort Split Sqrt Square ' +
    'Squeeze Stack Std Subtract Sum Swapaxes Take TakeAlongAxis Tan Tanh Tensordot Tile Trace Transpose ' +
    'Trapezoid Tril Triu TrueDivide Trunc Unique UnravelIndex Vander Var Vdot View Vsplit Vstack Where ' +
    'ZerosLike',
  'keras.src.trainers.compile_utils': 'CompileLoss CompileMetrics MetricsList',
  'keras.trainers.compile_utils': 'CompileLoss CompileMetrics MetricsList',
};

/** Classes that are named without a module, as Keras 2 wrote them. */
export const kerasClasses =
  'AUC AWQConfig AWQDTypePolicy Abs AbsMaxQuantizer Absolute Accuracy Activation ActivityRegularization ' +
  'Adadelta Adafactor Adagrad Adam AdamW Adamax AdaptiveAveragePool AdaptiveAveragePooling1D ' +
  'AdaptiveAveragePooling2D AdaptiveAveragePooling3D AdaptiveMaxPool AdaptiveMaxPooling1D ' +
  'AdaptiveMaxPooling2D AdaptiveMaxPooling3D Add AdditiveAttention AffineTransform All AllClose ' +
  'AlphaDropout Amax Amin Angle Any Append Arange Arccos Arccosh Arcsin Arcsinh Arctan Arctan2 Arctanh ' +
  'Argmax Argmin Argpartition Argsort Array ArraySplit AssociativeScan AtrousConvolution1D ' +
  'AtrousConvolution2D Attention AugMix AutoContrast Average AveragePool AveragePooling1D ' +
  'AveragePooling2D AveragePooling3D AvgPool1D AvgPool2D AvgPool3D BatchNorm BatchNormalization ' +
  'BatchNormalizationV1 BatchNormalizationV2 Bidirectional BinaryAccuracy BinaryCrossentropy ' +
  'BinaryFocalCrossentropy BinaryIoU Bincount BitwiseAnd BitwiseInvert BitwiseLeftShift BitwiseNot ' +
  'BitwiseOr BitwiseRightShift BitwiseXor BroadcastTo CDist CTC CTCDecode CTCLoss Cast ' +
  'CategoricalAccuracy CategoricalCrossentropy CategoricalFocalCrossentropy ' +
  'CategoricalGeneralizedCrossEntropy CategoricalHinge CategoryEncoding Cbrt Ceil Celu CenterCrop ' +
  'Cholesky CholeskyInverse Circle Clip CompileLoss CompileMetrics Concatenate ConcordanceCorrelation ' +
  'Cond Conj Conjugate Constant Constraint ContrastLimitedAdaptiveHistogramEqualization Conv Conv1D ' +
  'Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose ConvLSTM1D ConvLSTM2D ConvLSTM3D ' +
  'ConvTranspose ConvertToTensor Convolution1D Convolution1DTranspose Convolution2D ' +
  'Convolution2DTranspose Convolution3D Convolution3DTranspose Copy Corrcoef Correlate Cos Cosh ' +
  'CosineDecay CosineDecayRestarts CosineSimilarity CountNonzero CropImages Cropping1D Cropping2D ' +
  'Cropping3D Cross CuDNNGRU CuDNNLSTM Cumprod Cumsum CutMix DTypePolicy DTypePolicyMap Deconvolution2D ' +
  'Deg2rad Dense DenseFeatures DepthToSpace DepthwiseConv DepthwiseConv1D DepthwiseConv2D Det Diag ' +
  'Diagflat Diagonal Dice Diff Digitize Discretization Divide DivideNoNan Dot DotProductAttention ' +
  'Dropout Dsplit Dstack ELU Eig Eigh Einsum EinsumDense ElasticTransform Elu Embedding EmptyLike Equal ' +
  'Equalization Erf Erfc Erfinv Exp Exp2 ExpandDims ExperimentalRunEagerlyLoss Expm1 ExponentialDecay ' +
  'ExtractPatches ExtractSequences F1Score FBetaScore FFT FFT2 Fabs FalseNegatives FalsePositives ' +
  'Flatten Flip Fliplr Flipud Float8QuantizationConfig FloatDTypePolicy Floor FloorDivide Fmax Fmin ' +
  'Fmod Fold ForiLoop Ftrl Full FullLike Functional GPTQConfig GPTQDTypePolicy GRU GRUCell GRUV2 ' +
  'GaussianBlur GaussianDropout GaussianNoise Gcd Gelu Geomspace GetItem GlobalAveragePooling1D ' +
  'GlobalAveragePooling2D GlobalAveragePooling3D GlobalAvgPool1D GlobalAvgPool2D GlobalAvgPool3D ' +
  'GlobalMaxPool1D GlobalMaxPool2D GlobalMaxPool3D GlobalMaxPooling1D GlobalMaxPooling2D ' +
  'GlobalMaxPooling3D GlorotNormal GlorotUniform Glu Greater GreaterEqual GroupNormalization ' +
  'GroupQueryAttention HSVToRGB HardShrink HardSigmoid HardSilu HardTanh HashedCrossing Hashing ' +
  'HeNormal HeUniform Heaviside Highway Hinge Histogram Hsplit Hstack Huber Hypot I0 IFFT2 IRFFT ISTFT ' +
  'Identity IdentityInitializer Imag InTopK Initializer Inner Input InputLayer InputSpec ' +
  'Int4DTypePolicy Int4QuantizationConfig Int8QuantizationConfig IntegerLookup Inv InverseTimeDecay IoU ' +
  'IsIn Isclose Isfinite Isinf Isnan Isneginf Isposinf Isreal JVP KLDivergence KerasTensor Kron L1 L1L2 ' +
  'L2 LSTM LSTMCell LSTMV2 Lamb Layer LayerNorm LayerNormalization Lcm Ldexp LeakyReLU LeakyRelu ' +
  'LearningRateSchedule LecunNormal LecunUniform LeftShift Less LessEqual Linspace Lion ' +
  'LocallyConnected1D LocallyConnected2D Log Log10 Log1p Log2 LogCosh LogCoshError LogSigmoid ' +
  'LogSoftmax Logaddexp Logaddexp2 Logdet LogicalAnd LogicalNot LogicalOr LogicalXor Logspace Logsumexp ' +
  'Loss LossScaleOptimizer Lstsq LuFactor Map MapCoordinates Masking Matmul MatrixRank Max MaxNorm ' +
  'MaxNumBoundingBoxes MaxPool MaxPool1D MaxPool2D MaxPool3D MaxPooling1D MaxPooling2D MaxPooling3D ' +
  'Maximum MaxoutDense Mean MeanAbsoluteError MeanAbsolutePercentageError MeanIoU MeanMetricWrapper ' +
  'MeanSquaredError MeanSquaredLogarithmicError Median MelSpectrogram Merge Meshgrid Metric MetricsList ' +
  'Min MinMaxNorm Minimum MixUp Mod Model Moments Moveaxis MultiHeadAttention MultiHot MultiOptimizer ' +
  'Multiply Muon Nadam NanToNum Nanargmax Nanargmin Nancumprod Nancumsum Nanmax Nanmean Nanmedian ' +
  'Nanmin Nanpercentile Nanprod Nanquantile Nanstd Nansum Nanvar Ndim Negative Nextafter NonNeg Nonzero ' +
  'Norm Normalization Normalize NotEqual OneHot OneHotIoU OneHotMeanIoU Ones OnesLike Optimizer ' +
  'OptimizerMap Orthogonal OrthogonalInitializer OrthogonalRegularizer Outer PReLU PSNR Pad PadImages ' +
  'PearsonCorrelation Percentile Permute PerspectiveTransform PiecewiseConstantDecay Pinv Pipeline ' +
  'Poisson Polar Policy PolynomialDecay Power Precision PrecisionAtRecall Prod Ptp Qr Quantile ' +
  'QuantizationConfig QuantizedDTypePolicy QuantizedFloat8DTypePolicy Quantizer R2Score RFFT ' +
  'RGBToGrayscale RGBToHSV RMSNorm RMSNormalization RMSprop RNN Rad2deg RadialConstraint RandAugment ' +
  'RandomBrightness RandomColorDegeneration RandomColorJitter RandomContrast RandomCrop ' +
  'RandomElasticTransform RandomErasing RandomFlip RandomGaussianBlur RandomGrayscale RandomHeight ' +
  'RandomHue RandomInvert RandomNormal RandomPerspective RandomPosterization RandomRotation ' +
  'RandomSaturation RandomSharpness RandomShear RandomTranslation RandomUniform RandomWidth RandomZoom ' +
  'Ravel ReLU Real Recall RecallAtPrecision Reciprocal Regularizer Relu Relu6 Repeat RepeatVector ' +
  'Rescaling Reshape Resize Resizing ReversibleEmbedding RightShift Roll RootMeanSquaredError Rot90 ' +
  'Round Rsqrt SGD SSIM STFT STFTInitializer STFTSpectrogram SVD SaturateCast ScaleAndTranslate Scan ' +
  'Scatter ScatterUpdate ScheduleFreeAdamW SearchSorted SeedGenerator SegmentMax SegmentMin SegmentProd ' +
  'SegmentReduction SegmentSum Select Selu SensitivityAtSpecificity SeparableConv SeparableConv1D ' +
  'SeparableConv2D SeparableConvolution1D SeparableConvolution2D Sequential Sigmoid Sign Signbit Silu ' +
  'SimpleRNN SimpleRNNCell Sin Sinc Sinh Size Slice SliceUpdate Slogdet SobelEdges SoftShrink Softmax ' +
  'Softplus Softsign Solarization Solve SolveTriangular Sort SpaceToDepth SparseCategoricalAccuracy ' +
  'SparseCategoricalCrossentropy SparsePlus SparseSigmoid SparseTopKCategoricalAccuracy Sparsemax ' +
  'SpatialDropout1D SpatialDropout2D SpatialDropout3D SpecificityAtSensitivity SpectralNormalization ' +
  'Split Sqrt Square SquaredHinge Squareplus Squeeze Stack StackedRNNCells Std StopGradient ' +
  'StringLookup Subtract Sum Swapaxes Switch SyncBatchNormalization Take TakeAlongAxis Tan Tanh ' +
  'TanhShrink Tensordot TextVectorization Threshold ThresholdedReLU Tile TimeDistributed TopK ' +
  'TopKCategoricalAccuracy Trace Transpose Trapezoid Tril Triu TrueDivide TrueNegatives TruePositives ' +
  'Trunc TruncatedNormal Tversky Unfold Unique UnitNorm UnitNormalization UnravelIndex Unstack ' +
  'UpSampling1D UpSampling2D UpSampling3D Vander Var Variable VarianceScaling Vdot VectorizedMap View ' +
  'ViewAsComplex ViewAsReal Vsplit Vstack Where WhileLoop Wrapper ZeroPadding1D ZeroPadding2D ' +
  'ZeroPadding3D Zeros ZerosLike';

/** Functions that are named without a module. */
export const kerasFunctions =
  'abs abs_max_quantize abs_max_quantize_grouped_with_zero_point absolute adaptive_average_pool ' +
  'adaptive_max_pool add affine_transform all allclose amax amin angle any append arange arccos arccosh ' +
  'arcsin arcsinh arctan arctan2 arctanh argmax argmin argpartition argsort array array_split ' +
  'associative_scan average average_pool bartlett batch_normalization beta binary_accuracy ' +
  'binary_crossentropy binary_focal_crossentropy bincount binomial bitwise_and bitwise_invert ' +
  'bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift bitwise_xor blackman broadcast_to cast ' +
  'categorical categorical_accuracy categorical_crossentropy categorical_focal_crossentropy ' +
  'categorical_generalized_cross_entropy categorical_hinge cbrt cdist ceil celu cholesky ' +
  'cholesky_inverse circle clip compute_float8_amax_history compute_float8_scale concatenate ' +
  'concordance_correlation cond conj conjugate constant conv conv_transpose convert_to_numpy ' +
  'convert_to_tensor copy corrcoef correlate cos cosh cosine_similarity count_nonzero crop_images cross ' +
  'ctc ctc_decode ctc_loss cumprod cumsum deg2rad depth_to_space depthwise_conv det diag diagflat ' +
  'diagonal dice diff digitize divide divide_no_nan dot dot_product_attention dropout dsplit dstack ' +
  'dtype eig eigh einsum elastic_transform elu empty empty_like equal erf erfc erfinv exp exp2 ' +
  'expand_dims expm1 exponential extract_patches extract_patches_3d extract_sequences eye fabs ' +
  'fake_quant_with_min_max_vars fft fft2 flip fliplr flipud floor floor_divide fmax fmin fmod fold ' +
  'fori_loop full full_like gamma gaussian_blur gcd gelu geomspace get_item glorot_normal ' +
  'glorot_uniform glu greater greater_equal hamming hanning hard_shrink hard_sigmoid hard_silu ' +
  'hard_swish hard_tanh he_normal he_uniform heaviside hinge histogram hsplit hstack hsv_to_rgb huber ' +
  'hypot i0 identity ifft2 imag in_top_k inner inv irfft is_tensor isclose isfinite isin isinf isnan ' +
  'isneginf isposinf isreal istft jvp kaiser kl_divergence kron l1 l1_l2 l2 layer_normalization lcm ' +
  'ldexp leaky_relu lecun_normal lecun_uniform left_shift less less_equal linear linspace log log10 ' +
  'log1p log2 log_cosh log_sigmoid log_softmax logaddexp logaddexp2 logdet logical_and logical_not ' +
  'logical_or logical_xor logspace logsumexp lstsq lu_factor map map_coordinates matmul matrix_rank max ' +
  'max_norm max_pool maximum mean mean_absolute_error mean_absolute_percentage_error mean_squared_error ' +
  'mean_squared_logarithmic_error median meshgrid min min_max_norm minimum mish mod moments moveaxis ' +
  'multi_hot multiply nan_to_num nanargmax nanargmin nancumprod nancumsum nanmax nanmean nanmedian ' +
  'nanmin nanpercentile nanprod nanquantile nanstd nansum nanvar ndim negative nextafter non_neg ' +
  'nonzero norm normal normalize not_equal one_hot ones ones_like orthogonal orthogonal_regularizer ' +
  'outer pack_int4 pad pad_images pearson_correlation percentile perspective_transform pinv poisson ' +
  'polar power prod psnr ptp qr quantile quantize_and_dequantize rad2deg randint random_normal ' +
  'random_uniform ravel real rearrange reciprocal relu relu6 repeat reshape resize rfft ' +
  'rgb_to_grayscale rgb_to_hsv right_shift rms_normalization roll rot90 round rsqrt saturate_cast ' +
  'scale_and_translate scan scatter scatter_update searchsorted segment_max segment_min segment_prod ' +
  'segment_sum select selu separable_conv shape shuffle sigmoid sign signbit silu sin sinc sinh size ' +
  'slice slice_update slogdet sobel_edges soft_shrink softmax softplus softsign solve solve_triangular ' +
  'sort space_to_depth sparse_categorical_accuracy sparse_categorical_crossentropy sparse_plus ' +
  'sparse_sigmoid sparse_top_k_categorical_accuracy sparsemax split sqrt square squared_hinge ' +
  'squareplus squeeze ssim stack std stft stop_gradient subtract sum svd swapaxes swish switch take ' +
  'take_along_axis tan tanh tanh_shrink tensordot threshold tile top_k top_k_categorical_accuracy trace ' +
  'transpose trapezoid tri tril triu true_divide trunc truncated_normal tversky unfold uniform unique ' +
  'unit_norm unpack_int4 unravel_index unstack vander var variance_scaling vdot vectorize ' +
  'vectorized_map view view_as_complex view_as_real vsplit vstack where while_loop zeros zeros_like';
