/** Graphs within graphs: If in Loop in If …; honest files stay below ten (CWE-674). */
export const MAX_NESTING = 64;
/** Types within types: sequence of map of …  (CWE-674). */
export const MAX_TYPE_NESTING = 16;
/** Nodes after functions are written out: functions that call functions multiply (CWE-409). */
export const MAX_NODES = 2_000_000;
/** Elements of a sparse tensor written out densely: its size is claimed, not stored (CWE-789). */
export const MAX_SPARSE_ELEMENTS = 2 ** 28;
/** Files up to this size are read at once; larger ones piece by piece. Below what every engine holds in one buffer. */
export const WHOLE_FILE = 2 ** 30;
/** In files that are read piece by piece: weights from this size on are read apart. */
export const LARGE_WEIGHTS = 2 ** 20;
/** What is left of a large file once its weights are taken out must fit in one buffer (CWE-789). */
export const MAX_SKELETON = 2 ** 30;
/** Path segments of external data: a folder beside the model, not a labyrinth (CWE-22). */
export const MAX_LOCATION = 1024;
