import { rule } from './rule.js';
import { base64 } from './sample.js';

export default rule({
  id: 'onnx-operator',
  title: 'its graph uses an operator that loads code or calls Python',
  severity: 'critical',
  verdict: 'dangerous',
  meaning:
    'ONNX lets a graph name operators of other libraries. This one calls a Python function, or loads a compiled model for an accelerator, when the graph is run.',
  cwe: 'CWE-829',
  advice: 'Do not run it with the library that brings the operator.',
  bad: {
    'a Python function': () =>
      base64(
        'CA4SADo+Ch0KAXgSAXkiBFB5T3A6D2FpLm9ubnguY29udHJpYhIBZ1oPCgF4EgoKCAgBEgQKAggDYgkKAXkSBAoCCAFCBAoAEBVCEwoPYWkub25ueC5jb250cmliEAE=',
      ),
  },
  good: {
    Relu: () =>
      base64(
        'CA4SADotCgwKAXgSAXkiBFJlbHUSAWdaDwoBeBIKCggIARIECgIIA2IJCgF5EgQKAggBQgQKABAVQhMKD2FpLm9ubnguY29udHJpYhAB',
      ),
  },
});
