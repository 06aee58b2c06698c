import { describe, expect, it } from 'vitest';
import { base64 } from '../audit/rules/sample.js';
import { open } from '../model/open.js';

// ColumnTransformer([('cat', OneHotEncoder(), ['kind'])]) fitted on a DataFrame of kind and size, scikit-learn 0.23.2, joblib.
const old = base64(
  'eNrdVF1P1EAUZZfuLhR3BRZREhMfNHE12iioIfGBGGJUNlkSYiIvZDJtB6bSznQ+KmAwwQdYSObN8Qf44C/yB+mdbpGNP8F5aKe3Z2bOPefeOfG+9+oT5TB31X5KsGRBxLOcKxKgiKdFxpCWmKldLjMirZlbL4Pvx2Lf7IOv9ovtmWtjSGV3rJmMsLbmzuXGuSS55BFRKmF7ASIs4rFDmvYmI2+5fj0KXG3ow3qyx2VCAOThQnNrmirHUhF7bhqxPsqJNQ1WZPmRNa3dlGP94hmsNx2KWZwSVLB9xg8YgIiUHPh7seS5HZhZVLFCn4BCwgHSfBIsrwTLtgiBurefsNjiocVmWpIMwxcwo4tmdnQ+0lQSRXka2zdrv1bKYZoMfeShgu27Y1KgA5LsUe3CLTgsBG3thZlDuwTrQhLEcEYUSoBBF1anSRiUCaE8iYAiSD5wn6+kxEcfJM7zcYWmVBFGKVbK0jnTYjF2KCdAQ1EM4vTrpzDn0pE3tXVLZwFXCQeo+uaqvTgf2i3b60+a2rEdDAYbv2GUj/6atqHxcZryA5RlOLcXRXhSj0p6UCaSBFmR6qQ81EeSRJwpLYtI+2JihPIrSr6o9SdORT1CzuJI+SPzfTG5XYPiC4W33YR3inXCnorGmWhuidZQTG2J6V6/BlkIv9qw5O6LmW1Xt5ur4hrwF+0t0YEMyr2OxfV/sxCz4cWOmOtte/DfGSvmy6lKPhPRJVoshMH3HxNVI3TYpTXOFQQamqmqF1xV0yVs2ohihSBXF1dQizMo3v2LMbdyqD6sRhK5yjkkKggx+G58xMgBeudiYAB9aRqXc2enF2ONLb03cpfepw/oQ2chfUQfg3XL9Pn/7MDPSwc81xJ2UJxBYYK0V344L1yaf/vxNl3csf0a9KnpVI3JC50XGkGLtcfvIwTW9WiL+pW2bdqh189B1C5doDfo4sDMXN02Dvw/u+D+YzFPPVC+C8r3KuXhsnP3I0riQ2QH9Ca9VYR0aVjqTDeGloxCwR961z49',
);

describe('a column transformer from before get_feature_names_out', () => {
  it('names what it gives by the columns that it was fitted on', async () => {
    const model = await open(old);
    expect(model.inputs.names).toEqual(['kind', 'size']);
    const names = await model.run('get_feature_names_out');
    expect('data' in names && [...names.data]).toEqual(['cat__kind_a', 'cat__kind_b']);
  });
});
