// fast-check with the same cases in every run: a gate that says no must say it again. `POSTERN_SEED=$RANDOM` looks for
// cases that nobody saw yet.
import fc from 'fast-check';

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env['POSTERN_SEED'] ?? '1') });

export { fc };
