import { rule } from './rule.js';
import { utf8 } from './sample.js';

const model = (flavor: string): Uint8Array =>
  utf8(`artifact_path: model\nflavors:\n${flavor}mlflow_version: 3.1.0\nrun_id: 0123\n`);

export default rule({
  id: 'needs-packages',
  title: 'it says what it is loaded with',
  severity: 'info',
  verdict: 'information',
  meaning:
    'The file names the module that loads it, and files beside it the packages that are installed for it. Installing a package runs its code; loading the model imports the packages.',
  advice: 'Install only packages that you trust, in the versions that you have reviewed.',
  bad: {
    'a model of MLflow': () =>
      model('  python_function:\n    loader_module: mlflow.sklearn\n    python_version: 3.11.7\n'),
  },
  good: { 'one that names no loader': () => model('  onnx:\n    onnx_version: 1.16.0\n') },
});
