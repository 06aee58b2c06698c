import { describe, expect, it } from 'vitest';
import { audit } from '../index.js';
import { BufferSource, type Source } from '../../bytes/source.js';
import { requirementsOf } from './requirements.js';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

describe('lists of packages', () => {
  it('are read from pip’s and conda’s files alike', () => {
    const pip = '# of the model\nscikit-learn==1.4.2\n-r other.txt\nnumpy>=1.26  # pinned\npandas[excel] ~= 2.0\n';
    expect(requirementsOf(pip).packages).toEqual(['scikit-learn==1.4.2', 'numpy>=1.26', 'pandas[excel]~=2.0']);
    const conda =
      'channels:\n- conda-forge\ndependencies:\n- python=3.11.7\n- pip<=24.0\n- pip:\n  - mlflow==3.1.0\nname: x\n';
    expect(requirementsOf(conda).packages).toEqual(['python=3.11.7', 'pip<=24.0', 'mlflow==3.1.0']);
  });

  it('name what comes from elsewhere', () => {
    const list =
      '--extra-index-url https://example.org/simple\ngit+https://example.org/a.git\nacme @ https://example.org/acme.whl\n./local\n';
    expect(requirementsOf(list).elsewhere).toHaveLength(4);
  });

  it('are told beside an MLmodel', async () => {
    const model = text(
      'artifact_path: model\nflavors:\n  python_function:\n    loader_module: mlflow.sklearn\n    python_version: 3.11.7\nmlflow_version: 3.1.0\n',
    );
    const beside: Source = Object.assign(new BufferSource(model, 'MLmodel'), {
      sibling: (name: string) =>
        Promise.resolve(
          name === 'requirements.txt'
            ? new BufferSource(text('scikit-learn==1.4.2\ngit+https://example.org/a.git\n'), name)
            : undefined,
        ),
    });
    const { verdict, findings } = await audit(beside);
    expect(verdict).toBe('unknown');
    expect(findings.map(({ rule, message }) => [rule, message])).toEqual([
      [
        'outside-reference',
        'requirements.txt beside it has something installed from elsewhere than the package index: "git+https://example.org/a.git"',
      ],
      ['needs-packages', 'it is loaded by mlflow.sklearn under Python 3.11.7, with scikit-learn==1.4.2'],
    ]);
  });
});
