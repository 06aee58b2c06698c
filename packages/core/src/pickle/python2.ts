/**
 * The names that Python 2 and Python 3 spell differently, as CPython 3.11's `_compat_pickle` lists them.
 * They apply to pickles of protocols 0 to 2, in which a Python 3 writes the old names too.
 */

const modules = new Map<string, string>(
  Object.entries({
    __builtin__: 'builtins',
    copy_reg: 'copyreg',
    Queue: 'queue',
    SocketServer: 'socketserver',
    ConfigParser: 'configparser',
    repr: 'reprlib',
    tkFileDialog: 'tkinter.filedialog',
    tkSimpleDialog: 'tkinter.simpledialog',
    tkColorChooser: 'tkinter.colorchooser',
    tkCommonDialog: 'tkinter.commondialog',
    Dialog: 'tkinter.dialog',
    Tkdnd: 'tkinter.dnd',
    tkFont: 'tkinter.font',
    tkMessageBox: 'tkinter.messagebox',
    ScrolledText: 'tkinter.scrolledtext',
    Tkconstants: 'tkinter.constants',
    Tix: 'tkinter.tix',
    ttk: 'tkinter.ttk',
    Tkinter: 'tkinter',
    markupbase: '_markupbase',
    _winreg: 'winreg',
    thread: '_thread',
    dummy_thread: '_dummy_thread',
    dbhash: 'dbm.bsd',
    dumbdbm: 'dbm.dumb',
    dbm: 'dbm.ndbm',
    gdbm: 'dbm.gnu',
    anydbm: 'dbm',
    whichdb: 'dbm',
    xmlrpclib: 'xmlrpc.client',
    SimpleXMLRPCServer: 'xmlrpc.server',
    DocXMLRPCServer: 'xmlrpc.server',
    httplib: 'http.client',
    htmlentitydefs: 'html.entities',
    HTMLParser: 'html.parser',
    Cookie: 'http.cookies',
    cookielib: 'http.cookiejar',
    BaseHTTPServer: 'http.server',
    SimpleHTTPServer: 'http.server',
    CGIHTTPServer: 'http.server',
    'test.test_support': 'test.support',
    commands: 'subprocess',
    urlparse: 'urllib.parse',
    robotparser: 'urllib.robotparser',
    urllib2: 'urllib.request',
    _abcoll: 'collections.abc',
    cPickle: 'pickle',
    _elementtree: 'xml.etree.ElementTree',
    FileDialog: 'tkinter.filedialog',
    SimpleDialog: 'tkinter.simpledialog',
    UserDict: 'collections',
    UserList: 'collections',
    UserString: 'collections',
    StringIO: 'io',
    cStringIO: 'io',
  }),
);

// A blank cannot occur in both halves of a key without there being two, so keys are unambiguous.
const names = new Map<string, readonly [string, string]>(
  Object.entries({
    '__builtin__ xrange': ['builtins', 'range'],
    '__builtin__ reduce': ['functools', 'reduce'],
    '__builtin__ intern': ['sys', 'intern'],
    '__builtin__ unichr': ['builtins', 'chr'],
    '__builtin__ unicode': ['builtins', 'str'],
    '__builtin__ basestring': ['builtins', 'str'],
    '__builtin__ long': ['builtins', 'int'],
    'itertools izip': ['builtins', 'zip'],
    'itertools imap': ['builtins', 'map'],
    'itertools ifilter': ['builtins', 'filter'],
    'itertools ifilterfalse': ['itertools', 'filterfalse'],
    'itertools izip_longest': ['itertools', 'zip_longest'],
    'UserDict UserDict': ['collections', 'UserDict'],
    'UserDict IterableUserDict': ['collections', 'UserDict'],
    'UserList UserList': ['collections', 'UserList'],
    'UserString UserString': ['collections', 'UserString'],
    'whichdb whichdb': ['dbm', 'whichdb'],
    'socket _socketobject': ['socket', 'SocketType'],
    '_socket fromfd': ['socket', 'fromfd'],
    '_multiprocessing Connection': ['multiprocessing.connection', 'Connection'],
    'multiprocessing.process Process': ['multiprocessing.context', 'Process'],
    'multiprocessing.forking Popen': ['multiprocessing.popen_fork', 'Popen'],
    'urllib ContentTooShortError': ['urllib.error', 'ContentTooShortError'],
    'urllib getproxies': ['urllib.request', 'getproxies'],
    'urllib pathname2url': ['urllib.request', 'pathname2url'],
    'urllib quote_plus': ['urllib.parse', 'quote_plus'],
    'urllib quote': ['urllib.parse', 'quote'],
    'urllib unquote_plus': ['urllib.parse', 'unquote_plus'],
    'urllib unquote': ['urllib.parse', 'unquote'],
    'urllib url2pathname': ['urllib.request', 'url2pathname'],
    'urllib urlcleanup': ['urllib.request', 'urlcleanup'],
    'urllib urlencode': ['urllib.parse', 'urlencode'],
    'urllib urlopen': ['urllib.request', 'urlopen'],
    'urllib urlretrieve': ['urllib.request', 'urlretrieve'],
    'urllib2 HTTPError': ['urllib.error', 'HTTPError'],
    'urllib2 URLError': ['urllib.error', 'URLError'],
    'exceptions StandardError': ['builtins', 'Exception'],
  } as const satisfies Record<string, readonly [string, string]>),
);

/** What lived in `exceptions` and is built in now. */
const exceptions =
  'ArithmeticError AssertionError AttributeError BaseException BufferError BytesWarning DeprecationWarning ' +
  'EOFError EnvironmentError Exception FloatingPointError FutureWarning GeneratorExit IOError ImportError ' +
  'ImportWarning IndentationError IndexError KeyError KeyboardInterrupt LookupError MemoryError NameError ' +
  'NotImplementedError OSError OverflowError PendingDeprecationWarning ReferenceError RuntimeError ' +
  'RuntimeWarning StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TypeError ' +
  'UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError ' +
  'UnicodeWarning UserWarning ValueError Warning WindowsError ZeroDivisionError';
for (const name of exceptions.split(' ')) names.set(`exceptions ${name}`, ['builtins', name]);
for (const name of ['AuthenticationError', 'BufferTooShort', 'ProcessError', 'TimeoutError']) {
  names.set(`multiprocessing ${name}`, ['multiprocessing.context', name]);
}

/** The Python 3 identity of a name as Python 2 spells it: `[module, name]`, unchanged where both agree. */
export function python3Name(module: string, name: string): readonly [string, string] {
  return names.get(`${module} ${name}`) ?? [modules.get(module) ?? module, name];
}

let reversed: { modules: Map<string, string>; names: Map<string, readonly [string, string]> } | undefined;

/**
 * How protocols 0 to 2 spell a Python 3 name: `builtins.range` as `__builtin__ xrange`. Undefined where
 * reading it back would give another name.
 */
export function python2Name(module: string, name: string): readonly [string, string] | undefined {
  reversed ??= { modules: reverse([...modules].map(([old, now]) => [now, old])), names: reverseNames() };
  const spelled = reversed.names.get(`${module} ${name}`) ?? [reversed.modules.get(module) ?? module, name];
  const [backModule, backName] = python3Name(spelled[0], spelled[1]);
  if (backModule === module && backName === name) return spelled;
  const [sameModule, sameName] = python3Name(module, name);
  return sameModule === module && sameName === name ? [module, name] : undefined;
}

/** Only what one old name stands for: where there are several, Python 3's own name is kept. */
function reverse<T>(pairs: readonly (readonly [string, T])[]): Map<string, T> {
  const seen = new Set<string>();
  const out = new Map<string, T>();
  for (const [now, old] of pairs) {
    if (seen.has(now)) out.delete(now);
    else out.set(now, old);
    seen.add(now);
  }
  return out;
}

function reverseNames(): Map<string, readonly [string, string]> {
  return reverse(
    [...names].map(([old, [module, name]]) => {
      const [oldModule, oldName] = old.split(' ');
      return [`${module} ${name}`, [oldModule, oldName]] as const;
    }),
  );
}
