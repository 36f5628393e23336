/**
 * Puts DynamoDB Local into .cache unless it is there: `node scripts/install-dynamodb-local.ts`. Amazon publishes it for Maven,
 * which fetches it with what it needs, from wherever ~/.m2/settings.xml says, and checks every file. Prints the folder.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Of `com.amazonaws:DynamoDBLocal`, the newest that is published for Maven. */
export const dynamoDbLocalVersion = '2.6.1';
const dependencyPlugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';
const oldestJava = 17;

const folder = fileURLToPath(new URL(`../.cache/dynamodb-local-${dynamoDbLocalVersion}`, import.meta.url));

export const dynamoDbLocalHint = `install Java ${oldestJava} or newer and Maven, then: node scripts/install-dynamodb-local.ts`;

/** The folder with its jars and native libraries, when it is there and this machine's Java can run it. */
export function findDynamoDbLocal(): string | undefined {
  const complete = existsSync(join(folder, `DynamoDBLocal-${dynamoDbLocalVersion}.jar`));
  return complete && javaVersion() >= oldestJava ? folder : undefined;
}

/** 0 when there is none. */
function javaVersion(): number {
  const told = spawnSync('java', ['-version'], { encoding: 'utf8', timeout: 30_000 });
  return Number(/version "(\d+)/.exec(told.stderr ?? '')?.[1] ?? 0);
}

const project = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>entropy-playground</groupId>
  <artifactId>dynamodb-local</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>com.amazonaws</groupId>
      <artifactId>DynamoDBLocal</artifactId>
      <version>${dynamoDbLocalVersion}</version>
    </dependency>
  </dependencies>
</project>
`;

function install(): string {
  // Moved into its place when it is whole: an install that was cut off is not taken for one.
  const partial = `${folder}.partial-${process.pid}`;
  mkdirSync(partial, { recursive: true });
  try {
    const pom = join(partial, 'pom.xml');
    writeFileSync(pom, project);
    const goal = [`${dependencyPlugin}:copy-dependencies`, `-DoutputDirectory=${partial}`, '-DincludeScope=runtime'];
    execFileSync('mvn', ['--batch-mode', '--quiet', '--strict-checksums', '--file', pom, ...goal], {
      stdio: ['ignore', 2, 2],
      timeout: 10 * 60_000,
    });
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}

if (import.meta.main) {
  const known = findDynamoDbLocal();
  const java = javaVersion();
  const maven = known !== undefined || spawnSync('mvn', ['--version'], { timeout: 30_000 }).status === 0;
  if (java < oldestJava || !maven) {
    const lacking = maven ? `Java ${oldestJava} (there is ${java === 0 ? 'none' : java})` : 'Maven';
    console.error(`${lacking} is missing, so DynamoDB Local cannot be installed. fix: ${dynamoDbLocalHint}`);
    process.exitCode = 3;
  } else {
    console.log(known ?? install());
  }
}
