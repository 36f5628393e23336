import * as z from 'zod';
import { wireLimits } from './limits.ts';

export const pageLimit = z.number().int().min(1).max(wireLimits.pageItems).exactOptional();
