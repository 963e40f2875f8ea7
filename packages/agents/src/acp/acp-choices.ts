import type { AgentInfo } from '@boocode/contracts/agent-info.ts';
import { type AcpUpdate, ConfigOptionsResult } from './acp-wire.ts';
import type { Begun } from './begin-conversation.ts';
import { reasonOf } from './describe-acp-failure.ts';
import { type JsonRpcPeer, PeerGone } from './json-rpc-peer.ts';
import { applyConfigOptions, findChoice, infoOf, mapCommands, mapOffers, NO_OFFERS, type Offers } from './map-acp-info.ts';
import { within } from './within.ts';

type Choosable = keyof Offers;

export interface ChoicePlace {
  readonly label: string;
  /** What an agent may take to change one. */
  readonly limitMs: number;
  readonly onInfo: (info: Partial<AgentInfo>) => void;
}

export interface Wanted {
  readonly id: string | null;
  /** The person has named it: that it cannot be had is told. */
  readonly isNamed: boolean;
}

/** What an agent offers to choose and tells of itself, and its mode and model as they are now. */
export class AcpChoices {
  readonly #peer: JsonRpcPeer;
  readonly #place: ChoicePlace;
  readonly #chosen = new Set<Choosable>();
  #sessionId = '';
  #offers: Offers = NO_OFFERS;

  constructor(peer: JsonRpcPeer, place: ChoicePlace) {
    this.#peer = peer;
    this.#place = place;
  }

  begin({ id, result }: Begun): void {
    this.#sessionId = id;
    this.#setOffers(mapOffers(result));
  }

  /** Told whenever the agent tells it, also between prompts. */
  inform(update: AcpUpdate): void {
    const { mode } = this.#offers;
    if (update.sessionUpdate === 'available_commands_update') this.#place.onInfo({ commands: mapCommands(update) });
    else if (update.sessionUpdate === 'current_mode_update')
      this.#setOffers({ ...this.#offers, mode: mode === null ? null : { ...mode, current: update.currentModeId } });
    else if (update.sessionUpdate === 'config_option_update') this.#setOffers(applyConfigOptions(this.#offers, update.configOptions));
    else if (update.sessionUpdate === 'session_info_update' && typeof update.title === 'string' && update.title !== '')
      this.#place.onInfo({ title: update.title });
  }

  /** Sets it where it differs; a mode also after a conversation began, whatever the agent says of it. Gives a sentence where it could not be had. */
  async choose(what: Choosable, { id, isNamed }: Wanted, signal: AbortSignal): Promise<{ readonly code: string; readonly text: string } | null> {
    const { label, limitMs } = this.#place;
    const offer = this.#offers[what];
    if (id === null) return null;
    const goesOn = `it goes on with ${offer?.current ?? 'its own'}.`;
    const choice = findChoice(offer, id);
    if (offer === null || choice === null) return isNamed ? { code: `${what}_not_offered`, text: `${label} offers no ${what} "${id}"; ${goesOn}` } : null;
    if (choice.id === offer.current && (what === 'model' || this.#chosen.has(what))) return null;
    const sessionId = this.#sessionId;
    const { configId } = offer;
    const request =
      configId === null
        ? this.#peer.request(`session/set_${what}`, { sessionId, [`${what}Id`]: choice.id })
        : this.#peer.request('session/set_config_option', { sessionId, configId, value: choice.id });
    try {
      const answer = ConfigOptionsResult.safeParse(await within(request, limitMs, signal));
      this.#setOffers({ ...this.#offers, [what]: { ...offer, current: choice.id } });
      if (answer.success) this.#setOffers(applyConfigOptions(this.#offers, answer.data.configOptions ?? []));
      this.#chosen.add(what);
      return null;
    } catch (error) {
      if (error instanceof PeerGone || signal.aborted) throw error;
      return { code: `${what}_not_set`, text: `${label} did not take the ${what} "${id}" (${reasonOf(error)}); ${goesOn}` };
    }
  }

  #setOffers(offers: Offers): void {
    this.#offers = offers;
    this.#place.onInfo(infoOf(offers));
  }
}
