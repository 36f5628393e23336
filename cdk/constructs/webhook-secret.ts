import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { allow, type Grantee } from './statement.ts';

/** What GitHub signs webhooks with. Made empty: `entropy-playground deploy` puts in what GitHub was told. */
export class WebhookSecret extends Construct {
  readonly secret: CfnSecret;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.secret = new CfnSecret(this, 'Secret', {
      description: "Entropy Playground: what GitHub signs the App's webhooks with",
    });
    this.secret.applyRemovalPolicy(RemovalPolicy.DESTROY);
    acknowledge(this.secret, {
      'AwsSolutions-SMG4':
        'GitHub has to be told the same secret, so it is rotated by a command that does both; two count meanwhile.',
    });
  }

  grantRead(grantee: Grantee): void {
    allow(grantee, {
      sid: 'ReadWebhookSecret',
      actions: ['secretsmanager:GetSecretValue'],
      resources: [this.secret.attrId],
      conditions: { StringEquals: { 'secretsmanager:VersionStage': ['AWSCURRENT', 'AWSPREVIOUS'] } },
    });
  }
}
