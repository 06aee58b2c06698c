import type { DenyTable } from './harms.js';

/** How os runs programs. */
const programs =
  'system popen popen2 popen3 popen4 startfile fork forkpty posix_spawn posix_spawnp execl execle execlp execlpe ' +
  'execv execve execvp execvpe spawnl spawnle spawnlp spawnlpe spawnv spawnve spawnvp spawnvpe';

const paths = 'Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath';

/** Python's own library, 2.7 to 3.14. */
export const python: DenyTable = {
  library: 'Python',
  modules: {
    shell:
      'subprocess _posixsubprocess commands popen2 pty _winapi pipes asyncio multiprocessing distutils ensurepip venv ' +
      'webbrowser platform uuid _aix_support _osx_support _bootsubprocess mailcap _pyrepl',
    host: 'os posix nt',
    code:
      'code codeop runpy bdb pdb _pdb cProfile profile trace timeit doctest unittest idlelib lib2to3 concurrent ' +
      'marshal threading _thread thread dummy_threading _dummy_thread sched atexit rlcompleter tkinter _tkinter turtle ' +
      'turtledemo cgi cgitb site sitecustomize usercustomize test ast symtable contextlib _interpreters ' +
      '_xxsubinterpreters interpreters cmd hotshot _lsprof rexec bastion user',
    imports:
      'importlib _importlib imp _imp _frozen_importlib _frozen_importlib_external zipimport pkgutil pydoc ' +
      'modulefinder pyclbr ihooks imputil',
    files:
      'ntpath posixpath macpath genericpath compileall py_compile shutil tempfile fileinput glob linecache io _io ' +
      '_pyio codecs zipfile tarfile gzip bz2 lzma sqlite3 _sqlite3 dbm _dbm _gdbm anydbm dumbdbm whichdb bsddb logging ' +
      'configparser ConfigParser netrc readline nturl2path pathlib sysconfig filecmp zipapp tokenize tabnanny mimetypes ' +
      'gettext plistlib fcntl imghdr sndhdr wave aifc sunau chunk winreg _winreg mailbox compression pstats ' +
      'dircache statvfs',
    network:
      'socket _socket ssl _ssl socketserver SocketServer select selectors http httplib urllib urllib2 urlparse ' +
      'ftplib smtplib smtpd poplib imaplib nntplib telnetlib xmlrpc xmlrpclib SimpleXMLRPCServer DocXMLRPCServer wsgiref ' +
      'antigravity asyncore asynchat syslog BaseHTTPServer SimpleHTTPServer xml.sax xml.dom robotparser',
    pickle: 'shelve pickle _pickle cPickle',
    native: 'ctypes _ctypes _ctypes_test msvcrt crypt _crypt _testcapi _testinternalcapi _xxtestfuzz',
    inspect:
      'signal _signal resource sys gc inspect faulthandler tracemalloc _tracemalloc getpass _sysconfigdata this dis ' +
      'opcode _opcode weakref _weakref pwd grp spwd nis termios tty curses _curses annotationlib',
    memory: 'mmap',
  },
  names: {
    os: { shell: programs },
    posix: { shell: programs },
    nt: { shell: programs },
    builtins: {
      code: 'eval exec execfile compile input breakpoint __build_class__ apply',
      imports: '__import__ help reload __loader__ __spec__',
      files: 'open file',
      inspect:
        'raw_input setattr delattr globals locals vars dir exit quit classmethod super property __builtins__ __dict__',
      memory: 'memoryview buffer',
    },
    operator: {
      inspect: 'attrgetter methodcaller setitem delitem isetitem',
      code: 'call isCallable',
    },
    functools: {
      code: 'reduce partialmethod singledispatch singledispatchmethod',
      inspect: 'update_wrapper wraps',
    },
    types: {
      inspect: 'ModuleType DynamicClassAttribute FrameType TracebackType GetSetDescriptorType',
      code: 'coroutine new_class prepare_class GeneratorType CoroutineType',
    },
    typing: { code: 'ForwardRef get_type_hints _eval_type evaluate_forward_ref' },
    dataclasses: { code: '_create_fn make_dataclass _process_class dataclass _set_new_attribute' },
    enum: { code: '_convert_ _simple_enum' },
    re: { code: 'Scanner template' },
    string: { inspect: 'Formatter' },
    itertools: { code: 'starmap' },
    copyreg: { inspect: 'pickle constructor add_extension remove_extension clear_extension_cache dispatch_table' },
    copy_reg: { inspect: 'pickle constructor add_extension remove_extension clear_extension_cache dispatch_table' },
    copy: { calls: '_reconstruct' },
    'xml.etree.ElementTree': { files: 'parse iterparse ElementTree' },
    encodings: { imports: 'search_function' },
    warnings: { inspect: 'showwarning _showwarnmsg' },
    argparse: { files: 'FileType' },
    zoneinfo: { files: 'reset_tzpath' },
  },
  except: {
    // Made, they only describe; what they can do is in their methods.
    _frozen_importlib: 'ModuleSpec',
    _frozen_importlib_external: 'SourceFileLoader',
    pathlib: paths,
    'pathlib._local': paths,
    uuid: 'UUID SafeUUID',
    logging: 'getLogger Logger',
    codecs: 'encode decode',
    io: 'BytesIO StringIO',
    _io: 'BytesIO StringIO',
    inspect: 'Signature Parameter _ParameterKind _empty',
    // Documents as trees: what is in one is data.
    'xml.dom.minidom': 'Document DOMImplementation Element Text Attr Comment',
    'xml.dom.minicompat': 'NodeList',
    weakref: 'WeakKeyDictionary WeakValueDictionary WeakSet ref',
    _weakref: 'ref ReferenceType',
  },
};
