/** One line of `boocode doctor`. What is not ok says what to do. */
export interface Check {
  readonly level: 'ok' | 'warn' | 'fail';
  readonly name: string;
  readonly text: string;
}
