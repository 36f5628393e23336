import type { Endpoint } from '../endpoint.ts';
import { readActivity } from './activity.ts';
import { downloadArtifact, getObject, listArtifacts, putObject, uploadArtifact } from './artifacts.ts';
import { listBudgets, readBudget, readCaps, setCaps } from './budgets.ts';
import {
  acquireClaim,
  beginEffect,
  listClaims,
  readClaim,
  releaseClaim,
  renewClaim,
  sweepClaims,
  takeOverClaim,
} from './claims.ts';
import { mintRunToken, pickUpRun } from './dispatch.ts';
import { createKey, listKeys, revokeKey, rotateKey } from './keys.ts';
import { acknowledgeMessage, listMessages, receiveMessages, redriveMessage, sendMessage } from './messages.ts';
import { listDeadLetters, readQueue, redriveQueue } from './queue.ts';
import { changeRun, heartbeat, listAgents, listRuns, openRun, readRun, stopRun } from './runs.ts';
import { docsPage, githubWebhook, health, metrics, openApi, readiness } from './service.ts';
import {
  addDependency,
  changeTask,
  listDependencies,
  mirrorDependencies,
  mirrorTask,
  nextTask,
  readTask,
  removeDependency,
  searchTasks,
} from './tasks.ts';

/** Every endpoint of the coordinator; fixed paths before those with parameters. Server, document and page are made of it. */
export const endpoints: readonly Endpoint[] = [
  acquireClaim,
  takeOverClaim,
  renewClaim,
  releaseClaim,
  beginEffect,
  sweepClaims,
  listClaims,
  readClaim,
  mirrorTask,
  nextTask,
  searchTasks,
  readTask,
  changeTask,
  listDependencies,
  addDependency,
  removeDependency,
  mirrorDependencies,
  openRun,
  listRuns,
  readRun,
  changeRun,
  heartbeat,
  stopRun,
  uploadArtifact,
  listArtifacts,
  downloadArtifact,
  pickUpRun,
  mintRunToken,
  listAgents,
  listBudgets,
  readBudget,
  readCaps,
  setCaps,
  sendMessage,
  receiveMessages,
  acknowledgeMessage,
  redriveMessage,
  listMessages,
  readActivity,
  createKey,
  listKeys,
  revokeKey,
  rotateKey,
  readQueue,
  listDeadLetters,
  redriveQueue,
  putObject,
  getObject,
  githubWebhook,
  health,
  readiness,
  metrics,
  openApi,
  docsPage,
];
