/** HDF5: the structure of a file (groups, attributes, where data lie), read by range. */
export { openHdf5, type Hdf5File } from './file.js';
export { attributeTexts, readObject, type Hdf5Attribute, type Hdf5Link, type Hdf5Object } from './objects.js';
export { walkHdf5, type Hdf5Found } from './walk.js';
