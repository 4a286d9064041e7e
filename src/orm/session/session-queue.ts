import { AsyncLocalStorage } from 'node:async_hooks';
import { TaskQueue } from '../../util/task-queue.js';

/** The queues whose tasks have called the listener that runs here. */
const holders: AsyncLocalStorage<readonly SessionQueue[]> = new AsyncLocalStorage();

/** One task at a time, in the order of the calls. */
export class SessionQueue extends TaskQueue {
  /** True in a listener that a task of this queue waits for: to wait for its turn would be to wait for ever. */
  get isInside(): boolean {
    return holders.getStore()?.includes(this) === true;
  }

  /** Calls a listener from within a task. */
  call<T>(listener: () => T): T {
    return holders.run([...(holders.getStore() ?? []), this], listener);
  }
}
