/** Version of this program, as in package.json (a test keeps them equal); stamped on tasks, comments and requests. */
export const version = '0.1.0';
