/** The loss objects of `sklearn._loss` (1.1 on), which boosting and generalised linear models keep. */
import { PyDict, PyGlobal, PyInstance, PyTuple, type PyValue } from '../../pickle/values.js';
import { real, rules } from '../define.js';
import type { Subject } from '../subject.js';

const CYTHON = 'sklearn._loss._loss';
const LOSS = 'sklearn._loss.loss';
const LINK = 'sklearn._loss.link';

const INF = Infinity;

/** low, high, low included, high included; whole numbers as the sources have them. */
type Bounds = readonly [number, number, boolean, boolean];
const REALS: Bounds = [-INF, INF, false, false];

interface Loss {
  readonly link: string;
  readonly closs: string;
  readonly approx: boolean;
  readonly constant: boolean;
  readonly target: Bounds;
  readonly predicted: Bounds;
  /** The range of the link's argument; REALS for the identity. */
  readonly linked: Bounds;
}

/** sklearn/_loss/loss.py and link.py: what each class sets in `__init__`. */
const losses: Readonly<Record<string, Loss>> = {
  HalfSquaredError: identity('CyHalfSquaredError', false, true),
  AbsoluteError: identity('CyAbsoluteError', true, true),
  PinballLoss: identity('CyPinballLoss', true, true),
  HuberLoss: identity('CyHuberLoss', true, false),
  HalfPoissonLoss: positive('CyHalfPoissonLoss', true),
  HalfGammaLoss: positive('CyHalfGammaLoss', false),
  HalfTweedieLoss: positive('CyHalfTweedieLoss', true),
  HalfTweedieLossIdentity: { ...identity('CyHalfTweedieLossIdentity', false, false), target: [0, INF, true, false] },
  HalfBinomialLoss: binary('CyHalfBinomialLoss', 'LogitLink'),
  ExponentialLoss: binary('CyExponentialLoss', 'HalfLogitLink'),
  HalfMultinomialLoss: {
    link: 'MultinomialLogit',
    closs: 'CyHalfMultinomialLoss',
    approx: false,
    constant: false,
    target: [0, INF, true, false],
    predicted: [0, 1, false, false],
    linked: [0, 1, false, false],
  },
};

function identity(closs: string, approx: boolean, constant: boolean): Loss {
  return { link: 'IdentityLink', closs, approx, constant, target: REALS, predicted: REALS, linked: REALS };
}

function positive(closs: string, zero: boolean): Loss {
  const above: Bounds = [0, INF, false, false];
  return {
    link: 'LogLink',
    closs,
    approx: false,
    constant: false,
    target: [0, INF, zero, false],
    predicted: above,
    linked: above,
  };
}

function binary(closs: string, link: string): Loss {
  const unit: Bounds = [0, 1, false, false];
  return { link, closs, approx: false, constant: false, target: [0, 1, true, true], predicted: unit, linked: unit };
}

function interval(o: Subject, [low, high, lowIn, highIn]: Bounds): PyInstance {
  const bound = (x: number): PyValue => (Number.isFinite(x) ? x : real(x));
  return o.create(
    LINK,
    'Interval',
    PyDict.from([
      ['low', bound(low)],
      ['high', bound(high)],
      ['low_inclusive', lowIn],
      ['high_inclusive', highIn],
    ]),
  );
}

/** The Cython half of a loss: made by calling its class, which every version understands. */
export function cythonLoss(o: Subject, name: string, args: PyValue[] = []): PyInstance {
  return o.call(CYTHON, name, args);
}

/** A loss object as 1.1 to 1.8 keep it; later rules add to it. */
export function lossOf(
  o: Subject,
  name: keyof typeof losses,
  options: { classes?: number; args?: PyValue[]; more?: readonly (readonly [string, PyValue])[] } = {},
): PyInstance {
  const loss = losses[name];
  // The multinomial link is empty: its bounds are the class's.
  const link = o.create(LINK, loss.link, new PyDict());
  return o.create(
    LOSS,
    name,
    PyDict.from([
      ...(options.more ?? []),
      ['closs', cythonLoss(o, loss.closs, options.args)],
      ['link', link],
      ['approx_hessian', loss.approx],
      ['constant_hessian', loss.constant],
      ['n_classes', options.classes ?? null],
      ['interval_y_true', interval(o, loss.target)],
      ['interval_y_pred', interval(o, loss.predicted)],
    ]),
  );
}

const cythonNames = [...new Set(Object.values(losses).map((loss) => loss.closs))];

const allLosses = Object.keys(losses);

export const lossObjects = rules([
  {
    since: '1.6',
    classes: cythonNames.map((name) => `__pyx_unpickle_${name}`),
    source: 'sklearn/_loss/_loss.pyx.tp, __reduce__; #28849',
    what: 'losses are made by calling their class, no longer by a function of the compiler that checks its own version',
    up: (o) => {
      const [type, , state] = o.instance.args.items;
      if (!(type instanceof PyGlobal)) return;
      const given = o.instance.state instanceof PyTuple ? o.instance.state : state;
      Object.assign(o.instance, {
        made: 'call',
        callable: type,
        args: new PyTuple(given instanceof PyTuple ? given.items : []),
        state: undefined,
      });
      o.tell('made by calling its class');
    },
  },
  {
    since: '1.9',
    classes: allLosses,
    source: 'sklearn/_loss/loss.py, BaseLoss.__init__',
    what: 'losses know the array library that they compute with (xp, device); None means numpy',
    up: (o) => {
      if (o.module !== LOSS) return;
      for (const name of ['xp', 'device']) if (!o.has(name)) o.set(name, null);
      o.tell('attributes xp and device added');
    },
    down: (o) => {
      if (o.module !== LOSS) return;
      for (const name of ['xp', 'device']) o.delete(name);
    },
  },
]);
