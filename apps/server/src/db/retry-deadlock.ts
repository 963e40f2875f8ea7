import { databaseErrorCode } from './db-errors.ts';

const DEADLOCK = '40P01';
const ATTEMPTS = 5;

/** Makes a statement or transaction again that PostgreSQL ended so that another could go on. It has written nothing. */
export async function retryDeadlock<T>(write: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      if (databaseErrorCode(error) !== DEADLOCK || attempt === ATTEMPTS) throw error;
    }
  }
}
