import { Alarm, ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import { type AlarmRule, alarmRules, treatMissing, type Watched } from './alarm-rules.ts';
import type { AlarmTopic } from './alarm-topic.ts';

interface AlarmsProps extends Watched {
  readonly topic: AlarmTopic;
}

const runbook = 'https://github.com/entropy-playground/entropy-playground/blob/main/docs/runbook.md';

/** All alarms, told when they begin and when they end. */
export class Alarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, { topic, ...watched }: AlarmsProps) {
    super(scope, id);
    const action = new SnsAction(topic.topic);
    const { stackName } = watched.settings;
    this.all = alarmRules(watched).map((rule) => {
      const alarm = this.#alarm(stackName, rule);
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      return alarm;
    });
  }

  #alarm(stackName: string, rule: AlarmRule): Alarm {
    const { GREATER_THAN_THRESHOLD, LESS_THAN_THRESHOLD } = ComparisonOperator;
    return new Alarm(this, rule.name, {
      alarmName: `${stackName}-${rule.name}`,
      alarmDescription: `${rule.says}. What to do: ${runbook}#${rule.name}`,
      metric: rule.metric,
      threshold: rule.threshold,
      comparisonOperator: rule.is === 'above' ? GREATER_THAN_THRESHOLD : LESS_THAN_THRESHOLD,
      evaluationPeriods: rule.periods ?? 1,
      treatMissingData: treatMissing(rule),
    });
  }
}
