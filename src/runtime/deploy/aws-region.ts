import { readAwsPlace } from '../config.ts';

/** As named, as the environment says, else as the person's profile says, which the SDK reads. Undefined: nobody says. */
export async function awsRegion(named: string | undefined, profile: string | undefined): Promise<string | undefined> {
  const known = named ?? readAwsPlace().region;
  if (known !== undefined) return known;
  const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
  const client = new DynamoDBClient(profile === undefined ? {} : { profile });
  try {
    return await client.config.region();
  } catch {
    // The SDK's way to say that there is none.
    return undefined;
  } finally {
    client.destroy();
  }
}
