/** Objects (groups, datasets, named types) of one file; the largest Keras models have some thousands (CWE-400). */
export const MAX_OBJECTS = 200_000;
/** Links of one group, attributes of one object (CWE-400). */
export const MAX_LINKS = 1_000_000;
export const MAX_ATTRIBUTES = 100_000;
/** Messages of one object header, and blocks that continue it (CWE-400, CWE-835). */
export const MAX_MESSAGES = 100_000;
/** Nodes of one B-tree: more than a file of this size can hold is a loop (CWE-835). */
export const MAX_NODES = 1_000_000;
/** Bytes of one attribute: a model_config of a large model takes some megabytes (CWE-789). */
export const MAX_ATTRIBUTE = 256 * 1024 * 1024;
/** Types within types: compound of array of compound … (CWE-674). */
export const MAX_TYPE_DEPTH = 32;
/** Dimensions, as HDF5's own limit. */
export const MAX_RANK = 32;
