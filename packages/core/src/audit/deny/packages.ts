import type { DenyTable } from './harms.js';

/** Packages that run code, fetch or render things, and have no business in a model file. */
export const packages: readonly DenyTable[] = [
  {
    library: 'installers and build tools',
    modules: {
      shell:
        'pip setuptools wheel easy_install conda virtualenv pipenv poetry hatchling flit flit_core ' +
        'nox tox invoke fabric sh plumbum pexpect ptyprocess psutil sarge delegator envoy git pipx SCons mesonpy distlib twine',
      imports:
        'pkg_resources importlib_metadata importlib_resources stevedore pluggy zope.dottedname hydra.utils lazy_loader',
      code: 'Cython cython pyximport numba.pycc cffi.setuptools_ext pythran nuitka mypyc',
    },
  },
  {
    library: 'network clients and servers',
    modules: {
      network:
        'urllib3 requests httpx aiohttp httpcore h11 websockets websocket paramiko boto3 botocore s3fs gcsfs adlfs ' +
        'fsspec smart_open google.cloud google.auth azure pymongo redis psycopg2 pymysql MySQLdb cx_Oracle pyodbc kafka ' +
        'pika zmq grpc tornado twisted gevent eventlet dns scapy nmap wget pycurl mechanize selenium playwright scrapy ' +
        'hvac kaggle gdown pooch impacket ldap3 smbclient',
      files: 'h5py tables openpyxl xlrd xlsxwriter pyarrow.fs pyarrow.parquet pyarrow.csv diskcache lmdb plyvel',
    },
    functions: { network: 'sqlalchemy' },
  },
  {
    library: 'code, templates and serialisation',
    modules: {
      code:
        'IPython jupyter ipykernel nbconvert nbformat jupyter_client jupyter_core mako numexpr sympy.parsing ' +
        'sympy.core.sympify asteval simpleeval RestrictedPython execnet rpyc Pyro4 Pyro5 celery rq huey pytest _pytest py.test ' +
        'nose coverage line_profiler memory_profiler pudb ipdb debugpy pydevd werkzeug.debug ' +
        'jpype py4j rpy2 oct2py lupa js2py',
      pickle: 'jsonpickle klepto pathos multiprocess mlflow.pyfunc',
      native: 'cffi _cffi_backend comtypes pythoncom win32api win32com win32process llvmlite triton pycuda pwn',
    },
    functions: {
      code: 'yaml ruamel jinja2 numba dask distributed ray pyspark django flask fastapi airflow',
    },
  },
  {
    library: 'cloudpickle and dill',
    functions: { code: 'cloudpickle dill' },
    names: {
      cloudpickle: { pickle: 'load loads' },
      'cloudpickle.cloudpickle': { pickle: 'load loads' },
      'cloudpickle.cloudpickle_fast': { pickle: 'load loads' },
      dill: { pickle: 'load loads load_session load_module load_module_asdict' },
      'dill._dill': {
        pickle: 'load loads',
        code: '_eval_repr',
        files: '_create_filehandle _create_stringi _create_stringo',
      },
      'dill.dill': { pickle: 'load loads', code: '_eval_repr', files: '_create_filehandle' },
    },
  },
];
