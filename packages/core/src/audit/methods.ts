import { denied } from './deny.js';

/** Methods that run, load or write what they are given: of DataFrames, arrays, modules in disguise. */
export const GADGETS: ReadonlySet<string> = new Set(
  (
    'system popen spawn fork exec execv execve eval query load loads call check_call check_output run Popen read_pickle ' +
    'to_pickle to_csv to_sql to_hdf to_json to_html to_excel to_parquet to_feather to_stata to_string to_latex to_markdown ' +
    'to_clipboard to_xml to_orc to_gbq pipe apply map applymap agg aggregate transform_with tofile dump dumps save savez ' +
    'savetxt write writelines write_text write_bytes read_text read_bytes unlink rmdir rename replace_file open import_module ' +
    'find_spec load_module exec_module create_module source_to_code set_data resolve_name format_map subclasses mro set_params_unsafe'
  ).split(' '),
);

/** `str.lower`, `numpy.ndarray.sum`: a method taken from its class, which may be named where the class is vouched for. */
export function isPlainMethod(owner: string, method: string): boolean {
  if (owner === '' || owner.includes('.') || method.startsWith('_') || GADGETS.has(method)) return false;
  return denied('builtins', method) === undefined;
}

/** `object.__new__`, as an enumeration keeps it: it may be taken; calling it is told as a call. */
export function isPlainMaker(module: string, name: string): boolean {
  return (module === 'builtins' || module === 'enum') && /^(object|int|str|float|Enum)\.__new__$/.test(name);
}
