import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { allow, type Grantee } from './statement.ts';

interface EncryptionKeysProps {
  /** `retain`: what the data key has encrypted outlives the stack, so the key does too. */
  readonly removal: 'retain' | 'destroy';
  /** Of the App's key: another number is another key, empty again. */
  readonly appKeyGeneration: number;
}

/** Two keys: one encrypts what the stack stores and seals shared tokens, the other signs as the GitHub App. */
export class EncryptionKeys extends Construct {
  readonly data: Key;
  /** Empty until the App's private key was imported (`entropy-playground deploy` does); nobody reads it afterwards. */
  readonly app: CfnKey;

  constructor(scope: Construct, id: string, { removal, appKeyGeneration }: EncryptionKeysProps) {
    super(scope, id);
    this.data = new Key(this, 'Data', {
      description: 'Entropy Playground: table, queues, sealed tokens',
      enableKeyRotation: true,
      removalPolicy: removal === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      pendingWindow: Duration.days(30),
    });
    this.app = new CfnKey(this, appKeyGeneration === 1 ? 'App' : `App${appKeyGeneration}`, {
      description: "Entropy Playground: the GitHub App's private key, imported",
      keySpec: 'RSA_2048',
      keyUsage: 'SIGN_VERIFY',
      origin: 'EXTERNAL',
      pendingWindowInDays: 7,
      keyPolicy: new PolicyDocument({
        statements: [
          new PolicyStatement({
            actions: ['kms:*'],
            principals: [new AccountRootPrincipal()],
            resources: ['*'],
          }),
        ],
      }),
    });
    this.app.applyRemovalPolicy(RemovalPolicy.DESTROY);
  }

  /** As the GitHub App's JSON web tokens are signed, and in no other way. */
  grantSignAsApp(grantee: Grantee): void {
    allow(grantee, {
      sid: 'SignAsApp',
      actions: ['kms:Sign'],
      resources: [this.app.attrArn],
      conditions: { StringEquals: { 'kms:SigningAlgorithm': 'RSASSA_PKCS1_V1_5_SHA_256' } },
    });
  }

  /** Shared installation tokens, by the context that src/flows/installation-token.ts binds to them; not through a service. */
  grantSeal(grantee: Grantee): void {
    allow(grantee, {
      sid: 'SealTokens',
      actions: ['kms:Encrypt', 'kms:Decrypt'],
      resources: [this.data.keyArn],
      conditions: { StringEquals: { 'kms:EncryptionContext:purpose': 'installation-token' } },
    });
  }

  /** What DynamoDB does with the table's key in the name of whoever reads and writes. */
  grantThroughTable(grantee: Grantee): void {
    this.#grantThrough(grantee, 'dynamodb', [
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:GenerateDataKeyWithoutPlaintext',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
    ]);
  }

  /** A sender needs `Decrypt` too: SQS reuses a data key and opens it again. */
  grantThroughQueue(grantee: Grantee): void {
    this.#grantThrough(grantee, 'sqs', ['kms:Decrypt', 'kms:GenerateDataKey']);
  }

  #grantThrough(grantee: Grantee, service: 'dynamodb' | 'sqs', actions: readonly string[]): void {
    const { region } = Stack.of(this);
    allow(grantee, {
      sid: service === 'sqs' ? 'KeyThroughQueue' : 'KeyThroughTable',
      actions,
      resources: [this.data.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `${service}.${region}.amazonaws.com` } },
    });
  }
}
