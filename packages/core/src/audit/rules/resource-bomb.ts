import { rule } from './rule.js';
import { base64 } from './sample.js';

export default rule({
  id: 'resource-bomb',
  title: 'a few numbers in it ask for enormous work or memory',
  severity: 'medium',
  verdict: 'incomplete',
  meaning:
    'The graph makes a tensor of an enormous shape out of a constant, or loops without an end. Running it takes all memory, or never comes back.',
  cwe: 'CWE-770',
  advice: 'Run it only where memory and time are limited.',
  bad: {
    'a constant of an exabyte': () =>
      base64(
        'CA4SADpbChcKAXMSAXkiD0NvbnN0YW50T2ZTaGFwZRIBZyohCAMQB0IBc0oYAAAQAAAAAAAAABAAAAAAAAAEAAAAAAAAWg8KAXgSCgoICAESBAoCCANiCQoBeRIECgIIAUIECgAQFUITCg9haS5vbm54LmNvbnRyaWIQAQ==',
      ),
  },
  good: {
    'a small constant': () =>
      base64(
        'CA4SADpTChcKAXMSAXkiD0NvbnN0YW50T2ZTaGFwZRIBZyoZCAIQB0IBc0oQAgAAAAAAAAADAAAAAAAAAFoPCgF4EgoKCAgBEgQKAggDYgkKAXkSBAoCCAFCBAoAEBVCEwoPYWkub25ueC5jb250cmliEAE=',
      ),
  },
});
