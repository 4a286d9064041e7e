/**
 * The methods of `op` that plugins add. A plugin declares its own:
 *
 *     declare module 'aludel' {
 *       interface CustomOperations {
 *         grant: OperationMethod<typeof grant>;
 *       }
 *     }
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- it is there to be added to
export interface CustomOperations {}
