export * from '@brine/core';
