import type { CoordinationRoom, RoomContext } from './coordination-room.ts';
import type { StoreChoice } from './store-choice.ts';

/** Opens the store that was chosen. Takes key or token from the environment; one store a process. */
export async function openCoordination(choice: StoreChoice, context: RoomContext): Promise<CoordinationRoom> {
  switch (choice.kind) {
    case 'coordinator': {
      const { openCoordinatorRoom } = await import('./coordinator-room.ts');
      return openCoordinatorRoom(choice.url, context);
    }
    case 'local': {
      const { openLocalRoom } = await import('./local-room.ts');
      return openLocalRoom(choice.file, context);
    }
    case 'github': {
      const { openGitHubRoom } = await import('./github-room.ts');
      return openGitHubRoom(choice.repository, context);
    }
    default:
      return choice satisfies never;
  }
}
