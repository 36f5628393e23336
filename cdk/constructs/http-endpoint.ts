import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  ApiMapping,
  DomainName,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { StackSettings } from '../stack-settings.ts';
import type { StackFunction } from './stack-function.ts';

/** Field names of the access log; no header, no query: they may hold what nobody should keep. */
const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    time: '$context.requestTimeEpoch',
    requestId: '$context.requestId',
    ip: '$context.identity.sourceIp',
    method: '$context.httpMethod',
    path: '$context.path',
    route: '$context.routeKey',
    status: '$context.status',
    bytes: '$context.responseLength',
    ms: '$context.responseLatency',
    functionMs: '$context.integrationLatency',
    error: '$context.error.message',
    functionError: '$context.integrationErrorMessage',
  }),
);

/**
 * The one public address. It is made before any function, which are told it, and its routes after them: so no resource waits
 * for itself.
 */
export class HttpEndpoint extends Construct {
  readonly api: HttpApi;
  /** Without a slash at the end. */
  readonly url: string;
  /** What the CNAME of a name of one's own points to. */
  readonly cnameTarget: string | undefined;

  constructor(scope: Construct, id: string, settings: StackSettings) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName: settings.stackName,
      description: 'Entropy Playground: webhook of the GitHub App, and the coordinator',
      createDefaultStage: false,
    });
    const accessLog = new LogGroup(this, 'AccessLog', {
      logGroupName: `/${settings.stackName}/http`,
      retention: settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: settings.requestsPerSecond, burstLimit: settings.requestBurst },
      accessLogSettings: { destination: new LogGroupLogDestination(accessLog), format: accessLogFormat },
    });
    const { domainName, certificateArn } = settings;
    if (domainName === undefined || certificateArn === undefined) {
      this.url = this.api.apiEndpoint;
      return;
    }
    const certificate = Certificate.fromCertificateArn(this, 'Certificate', certificateArn);
    const domain = new DomainName(this, 'Domain', { domainName, certificate });
    new ApiMapping(this, 'Mapping', { api: this.api, domainName: domain, stage });
    this.url = `https://${domainName}`;
    this.cnameTarget = domain.regionalDomainName;
  }

  /** `POST /webhook` goes to one function, everything else to the other. */
  route({ webhook, api }: { readonly webhook: StackFunction; readonly api: StackFunction }): void {
    this.#route('Webhook', HttpRouteKey.with('/webhook', HttpMethod.POST), webhook, {
      'AwsSolutions-APIG4': 'GitHub proves itself by its signature over the raw body, which the function checks first.',
    });
    this.#route('Coordinator', HttpRouteKey.DEFAULT, api, {
      'AwsSolutions-APIG4': "The coordinator checks API keys and runners' OIDC tokens itself, on a laptop as here.",
    });
  }

  #route(
    id: string,
    routeKey: HttpRouteKey,
    { lambda }: StackFunction,
    findings: Readonly<Record<string, string>>,
  ): void {
    const integration = new HttpLambdaIntegration(`${id}Integration`, lambda);
    const route = new HttpRoute(this, id, {
      httpApi: this.api,
      routeKey,
      integration,
      authorizer: new HttpNoneAuthorizer(),
    });
    acknowledge(route, findings);
  }
}
