export { asked, query } from '../../../fake-sdk.ts';
