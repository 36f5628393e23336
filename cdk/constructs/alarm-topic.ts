import { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { StackSettings } from '../stack-settings.ts';

/** Where alarms are told: a topic of the stack, or one that is there already. */
export class AlarmTopic extends Construct {
  readonly topic: ITopic;

  constructor(scope: Construct, id: string, { alarmTopicArn, alarmEmail, stackName }: StackSettings) {
    super(scope, id);
    if (alarmTopicArn !== undefined) {
      this.topic = Topic.fromTopicArn(this, 'Given', alarmTopicArn);
      return;
    }
    const topic = new Topic(this, 'Topic', { topicName: `${stackName}-alarms`, enforceSSL: true });
    // A policy of one's own replaces the one by which the account may publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsMayPublish',
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    this.topic = topic;
    if (alarmEmail === undefined) return;
    const subscription = topic.addSubscription(new EmailSubscription(alarmEmail));
    acknowledge(subscription, {
      'Serverless-SNSRedrivePolicy': 'Mail is not retried from a queue; the alarm itself keeps its state and history.',
    });
  }
}
