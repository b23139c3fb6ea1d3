/** Prints what a test has counted or measured; the test runner shows it also when all is well. */
export function tell(line: string): void {
  console.log(`» ${line}`);
}
