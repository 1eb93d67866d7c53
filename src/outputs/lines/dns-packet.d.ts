/** What lines use of the library, which brings no types. */
declare module "dns-packet" {
  const codecs: {
    readonly name: {
      readonly decode: {
        /** @throws Error for a name that is cut, too long, or that points forwards */
        (message: Buffer, offset: number): string;
        /** Bytes that the last name took where it stood. */
        readonly bytes: number;
      };
    };
  };
  export default codecs;
}
