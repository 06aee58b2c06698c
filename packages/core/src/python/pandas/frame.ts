import { BrineError } from '../../errors.js';
import { PyDict, PyInstance, PyObject, PyTuple, type PyValue } from '../../pickle/values.js';
import { corrupt } from '../check.js';
import { toIntegers } from '../elements.js';
import { NdArray } from '../ndarray.js';
import { PySlice } from '../values.js';
import { columnOf, type Column } from './column.js';
import { PandasIndex } from './pandas-index.js';

/** Columns of a frame that a slice may claim before anything is counted (CWE-770). */
const MAX_COLUMNS = 2 ** 24;

interface Block {
  readonly values: PyValue;
  /** The column that each row of `values` is. */
  readonly places: readonly number[];
}

interface Manager {
  readonly axes: readonly PandasIndex[];
  readonly blocks: readonly Block[];
}

/**
 * A pandas DataFrame. Nothing is unfolded before it is asked for: `columns`, `dtypes` and `column` throw
 * BrineError (UNSUPPORTED, CORRUPT) for what the file holds in a form that brine does not read.
 */
export class DataFrame extends PyObject {
  override readonly kind = 'DataFrame';
  /** The instance as the file has it. */
  readonly instance: PyInstance;
  #manager: Manager | undefined;
  #places: { block: Block; row: number }[] | undefined;

  constructor(instance: PyInstance) {
    super();
    this.instance = instance;
  }

  get index(): PandasIndex {
    return this.#read().axes[1];
  }

  /** The labels of the columns, in order. */
  get columns(): PyValue[] {
    return this.#read().axes[0].labels();
  }

  /** pandas' own names of the columns' dtypes. */
  get dtypes(): string[] {
    return this.#located().map((_, i) => this.column(i).dtype);
  }

  /** Column `i` by position. */
  column(i: number): Column {
    const place = this.#located()[i];
    if (!place) throw new BrineError('BAD_ARGUMENT', `a DataFrame has no column ${i}`);
    return columnOf(place.block.values, place.row);
  }

  #read(): Manager {
    if (this.#manager) return this.#manager;
    const manager = managerOf(this.instance);
    if (manager.axes.length !== 2) throw corrupt(`a DataFrame has ${manager.axes.length} axes`);
    return (this.#manager = manager);
  }

  #located(): { block: Block; row: number }[] {
    if (this.#places) return this.#places;
    const count = this.columns.length;
    const places = new Array<{ block: Block; row: number }>(count);
    for (const block of this.#read().blocks) {
      block.places.forEach((place, row) => {
        if (!(place >= 0 && place < count) || places[place] !== undefined) {
          throw corrupt(`a block of a DataFrame of ${count} columns claims column ${place}`);
        }
        places[place] = { block, row };
      });
    }
    for (let i = 0; i < count; i++) if (!places[i]) throw corrupt(`column ${i} of a DataFrame is in no block`);
    return (this.#places = places);
  }
}

/** A pandas Series. */
export class Series extends PyObject {
  override readonly kind = 'Series';
  readonly instance: PyInstance;
  #manager: Manager | undefined;

  constructor(instance: PyInstance) {
    super();
    this.instance = instance;
  }

  get name(): PyValue {
    return this.instance.attribute('_name') ?? this.instance.attribute('name') ?? null;
  }

  get index(): PandasIndex {
    return this.#read().axes[0];
  }

  get column(): Column {
    return columnOf(this.#read().blocks[0].values);
  }

  #read(): Manager {
    if (this.#manager) return this.#manager;
    const manager = managerOf(this.instance);
    if (manager.axes.length !== 1 || manager.blocks.length !== 1)
      throw corrupt('a Series has not one axis and one block');
    return (this.#manager = manager);
  }
}

/** The block manager under `_mgr` (`_data` before 1.1), in any of its pickled forms. */
function managerOf(owner: PyInstance): Manager {
  const manager = owner.attribute('_mgr') ?? owner.attribute('_data');
  if (manager instanceof PyInstance) {
    const read = manager.state instanceof PyTuple ? fromState(manager.state) : fromArguments(manager.args);
    if (read) return read;
  }
  throw new BrineError('UNSUPPORTED', `a pandas ${owner.name} keeps its data in a form that brine does not read`);
}

/** Since 1.3: `BlockManager(blocks, axes)`. */
function fromArguments(args: PyTuple): Manager | undefined {
  const [blocks, axes] = args.items;
  const list = blocks instanceof PyInstance ? [blocks] : listOf(blocks);
  if (!list) return undefined;
  return {
    axes: indexes(axes instanceof PandasIndex ? [axes] : axes),
    blocks: list.map((block) => {
      // `_unpickle_block(values, placement, ndim)`, formerly `new_block`.
      const [values, placement] = block instanceof PyInstance ? block.args.items : [];
      if (values === undefined || placement === undefined) throw corrupt('a pandas block has no values and places');
      return { values, places: placesOf(placement) };
    }),
  };
}

/** Since 0.14: `(axes, values, items, {'0.14.1': {axes, blocks}})`; before, only the first three. */
function fromState(state: PyTuple): Manager | undefined {
  const [axes, values, items, extra] = state.items;
  const modern = extra instanceof PyDict ? extra.get('0.14.1') : undefined;
  if (modern instanceof PyDict) {
    const blocks = listOf(modern.get('blocks'));
    if (!blocks) return undefined;
    return {
      axes: indexes(modern.get('axes')),
      blocks: blocks.map((block) => {
        const [held, places] = block instanceof PyDict ? [block.get('values'), block.get('mgr_locs')] : [];
        if (held === undefined || places === undefined) throw corrupt('a pandas block has no values and places');
        return { values: held, places: placesOf(places) };
      }),
    };
  }
  const [valueList, itemList] = [listOf(values), listOf(items)];
  if (!valueList || valueList.length !== itemList?.length) return undefined;
  const read = indexes(axes);
  const first = new Map(read[0].labels().map((label, i) => [label, i]));
  return {
    axes: read,
    blocks: valueList.map((held, i) => {
      if (read.length === 1) return { values: held, places: [0] };
      const labels = itemList[i] instanceof PandasIndex ? itemList[i].labels() : [];
      return { values: held, places: labels.map((label) => first.get(label) ?? -1) };
    }),
  };
}

function indexes(value: PyValue | undefined): PandasIndex[] {
  const list = listOf(value);
  if (!list?.every((axis) => axis instanceof PandasIndex)) throw corrupt('the axes of a pandas object are no indexes');
  return list;
}

function placesOf(value: PyValue): number[] {
  if (value instanceof NdArray) return Array.from(toIntegers(value));
  if (value instanceof PySlice) {
    const [start, stop, step] = [value.start ?? 0, value.stop, value.step ?? 1];
    if (typeof start === 'number' && typeof stop === 'number' && typeof step === 'number' && step !== 0) {
      const count = Math.max(0, Math.ceil((stop - start) / step));
      if (count <= MAX_COLUMNS) return Array.from({ length: count }, (_, i) => start + i * step);
    }
  }
  const list = listOf(value);
  if (list?.every((n) => typeof n === 'number')) return list;
  throw corrupt('a pandas block does not say which columns it holds');
}

function listOf(value: PyValue | undefined): PyValue[] | undefined {
  if (Array.isArray(value)) return value;
  return value instanceof PyTuple ? value.items : undefined;
}
