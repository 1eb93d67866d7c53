/** Types for the part of dns-packet that the lines use, because the library brings none. */
declare module "dns-packet" {
  const codecs: {
    readonly name: {
      readonly decode: {
        /** Decodes a name. @throws Error for a name that is cut, is too long, or points forwards */
        (message: Buffer, offset: number): string;
        /** Bytes that the last decoded name took where it stood. */
        readonly bytes: number;
      };
    };
  };
  export default codecs;
}
