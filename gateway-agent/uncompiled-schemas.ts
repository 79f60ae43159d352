// For a process that reads one request and ends: schemas are followed as they are. zod would otherwise write and
// compile a function for each, which takes 7 ms and pays from the hundredth reading on. Imported before all schemas.
import { z } from 'zod';

z.config({ jitless: true });
