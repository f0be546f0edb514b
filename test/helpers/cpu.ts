/**
 * CPU seconds that this process has taken so far. What must not take hours on hostile input is held to these with a wide
 * margin: unlike the clock, they do not pass while others use the machine.
 */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
