import type { Examiner } from '../examiner.js';
import { listed } from './operators.js';

/** Bytes that are searched for names of classes. */
const MAX_SEARCHED = 64 * 1024 * 1024;
const MAX_CLASSES = 10_000;

/** Classes whose objects, put together, run code while they are read (ysoserial's chains and what followed). */
const gadgets =
  /^(org\.apache\.commons\.(collections4?\.(functors\.|keyvalue\.TiedMapEntry|map\.LazyMap|map\.DefaultedMap)|beanutils\.BeanComparator|fileupload)|com\.sun\.org\.apache\.xalan|com\.sun\.rowset\.JdbcRowSetImpl|org\.codehaus\.groovy\.runtime\.(ConvertedClosure|MethodClosure)|org\.springframework\.(core\.SerializableTypeWrapper|beans\.factory\.ObjectFactory|aop\.framework)|bsh\.|org\.mozilla\.javascript\.Native|com\.mchange\.v2\.c3p0|org\.hibernate\.(engine\.spi\.TypedValue|tuple)|clojure\.(lang|core|inspector)|java\.lang\.(Runtime|ProcessBuilder|reflect\.Proxy)|javax\.(management\.BadAttributeValueExpException|script\.|naming\.|imageio\.ImageIO)|java\.rmi\.|sun\.(rmi|reflect)\.|com\.vaadin\.data\.util|org\.jboss\.(interceptor|weld)|net\.sf\.json|org\.python\.core|com\.rometools\.rome|org\.apache\.wicket\.util\.upload|java\.net\.URL$|java\.beans\.EventHandler)/;

/** Java’s serialised objects, Weka’s models among them: not read here, but the classes are named. */
export const examiner: Examiner = {
  formats: ['java', 'weka'],
  async examine(source, context) {
    const bytes = await source.read(0, Math.min(source.size, MAX_SEARCHED));
    const classes = classesIn(bytes);
    const bad = [...classes].filter((name) => gadgets.test(name));
    if (bad.length > 0)
      context.report('java-gadget', `it holds objects of classes that run code while they are read: ${listed(bad)}`, {
        name: bad[0] ?? '',
      });
    context.report(
      'java-serialised',
      `Java runs readObject of every class that it names, and looks them all up: ${classes.size === 0 ? 'none was found' : listed(classes)}`,
    );
    if (source.size > MAX_SEARCHED)
      context.incomplete(`only the first ${MAX_SEARCHED} bytes were searched for classes`);
  },
};

/** TC_CLASSDESC: 0x72, a length of two bytes, the name; of proxies 0x7d, a count of four, then names. */
function classesIn(bytes: Uint8Array): Set<string> {
  const found = new Set<string>();
  const nameAt = (at: number): string | undefined => {
    const length = (bytes[at] << 8) | bytes[at + 1];
    if (!(length > 2 && length < 300) || at + 2 + length > bytes.length) return undefined;
    const name = String.fromCharCode(...bytes.subarray(at + 2, at + 2 + length));
    return /^\[*L?[A-Za-z_$][\w$]*(\.[\w$]+)+;?$/.test(name) ? name.replace(/^\[*L|;$/g, '') : undefined;
  };
  for (let at = 4; at < bytes.length && found.size < MAX_CLASSES; at++) {
    if (bytes[at] !== 0x72 && bytes[at] !== 0x7d) continue;
    const name = nameAt(bytes[at] === 0x72 ? at + 1 : at + 5);
    if (name === undefined) continue;
    if (bytes[at] === 0x7d) found.add('java.lang.reflect.Proxy');
    found.add(name);
  }
  return found;
}
