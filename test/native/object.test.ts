import { expect, onTestFinished, test } from "vitest";
import { addon, type NativeObject } from "../../src/native/addon.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { openTestObject, testPrograms } from "./test-programs.ts";

const NO_CONTEXT = new Uint8Array(0);

function opened(bytes: Uint8Array = testPrograms()): NativeObject {
  const object = new (addon().BpfObject)(bytes, "programs");
  onTestFinished(() => object.close());
  return object;
}

function loaded(): NativeObject {
  const object = openTestObject("push");
  onTestFinished(() => object.close());
  object.load();
  return object;
}

test.each([
  ["text", Buffer.from("not an object file, but long enough to hold the header of one: 64 bytes and more")],
  ["zeros", new Uint8Array(4096)],
  ["the header of an ELF file alone", testPrograms().subarray(0, 64)],
])("opening %s is an error that names the object and says what libbpf said", (_, bytes) => {
  expect(() => opened(bytes)).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(/^open the BPF object programs: libbpf 4\d{3} \(.*(Invalid|invalid|libelf)/),
      operation: "open the BPF object programs",
      log: expect.stringContaining("libbpf: "),
    }),
  );
});

test("opening no bytes is an invalid argument", () => {
  expect(() => opened(new Uint8Array(0))).toThrow(expect.objectContaining({ code: "EINVAL", errno: 22 }));
});

test("an object file that ends early is refused wherever it ends", () => {
  const bytes = testPrograms();
  for (let end = 0; end < bytes.length; end += 13) {
    expect(() => opened(bytes.subarray(0, end)), `${end} of ${bytes.length} bytes`).toThrow(/^open the BPF object/);
  }
});

test("the bytes of the file may change once the object is open", () => {
  const bytes = Buffer.from(testPrograms());
  const object = opened(bytes);
  bytes.fill(0xff);
  object.setVariable("verdict", new Uint8Array(4));
  expect(() => object.setVariable("nonesuch", new Uint8Array(4))).toThrow(/ENOENT/);
});

test("a variable that does not exist is named", () => {
  expect(() => opened().setVariable("nonesuch", new Uint8Array(4))).toThrow(
    expect.objectContaining({ code: "ENOENT", operation: "find the variable nonesuch" }),
  );
});

test.each([0, 3, 5, 8])("%i bytes for a variable of four are refused", (length) => {
  expect(() => opened().setVariable("verdict", new Uint8Array(length))).toThrow(
    expect.objectContaining({ code: "EINVAL", message: expect.stringContaining(`of 4 bytes to ${length} bytes`) }),
  );
});

test("maps and programs that do not exist are named", () => {
  const object = opened();
  const gone = (operation: string) => expect.objectContaining({ code: "ENOENT", operation });
  expect(() => object.map("nonesuch")).toThrow(gone("find the map nonesuch"));
  expect(() => object.program("nonesuch")).toThrow(gone("find the program nonesuch"));
  expect(() => object.setMaxEntries("nonesuch", 1)).toThrow(gone("find the map nonesuch"));
  expect(() => object.setAutoload("nonesuch", true)).toThrow(gone("find the program nonesuch"));
});

test("maps and programs are there only after loading", () => {
  const object = opened();
  expect(() => object.map("ring")).toThrow(expect.objectContaining({ code: "EBADF" }));
  expect(() => object.program("push")).toThrow(expect.objectContaining({ code: "EBADF" }));
});

test("every method of a closed object says that it is closed", () => {
  const object = opened();
  object.close();
  object.close();
  const calls: readonly (() => unknown)[] = [
    () => object.setVariable("verdict", new Uint8Array(4)),
    () => object.setMaxEntries("ring", 4096),
    () => object.setAutoload("push", true),
    () => object.startLoading(),
    () => object.load(),
    () => object.map("ring"),
    () => object.program("push"),
  ];
  for (const call of calls) expect(call).toThrow("the BPF object is closed");
});

describeWith(requirements.bpf, "a loaded object", () => {
  test("runs with the constants that were set before", () => {
    const object = openTestObject("push");
    onTestFinished(() => object.close());
    object.setVariable("verdict", Uint8Array.of(3, 0, 0, 0));
    object.load();
    const program = object.program("push");
    const { returnValue } = addon().testRun(program, new Uint8Array(60), NO_CONTEXT, 1, 0, 0);
    program.close();
    expect(returnValue).toBe(3);
  });

  test("refuses changes that would come too late", () => {
    const object = loaded();
    expect(() => object.setVariable("verdict", new Uint8Array(4))).toThrow(expect.objectContaining({ code: "EBUSY" }));
    expect(() => object.setMaxEntries("ring", 8192)).toThrow(expect.objectContaining({ code: "EBUSY" }));
    expect(() => object.setAutoload("refused", true)).toThrow(expect.objectContaining({ code: "EINVAL" }));
    expect(() => object.load()).toThrow(expect.objectContaining({ code: "EINVAL" }));
  });

  test("has no program that was not to be loaded", () => {
    expect(() => loaded().program("discard")).toThrow(expect.objectContaining({ code: "EBADF" }));
  });

  test("leaves the maps and programs taken out of it usable when it is closed", () => {
    const object = loaded();
    const map = object.map("ring");
    const program = object.program("push");
    object.close();
    expect(addon().describeMap(map)).toMatchObject({ name: "ring", maxEntries: 16_384 });
    expect(addon().describeProgram(program)).toMatchObject({ name: "push" });
    map.close();
    program.close();
  });

  test("takes a size for its maps beforehand", () => {
    const object = openTestObject("push");
    onTestFinished(() => object.close());
    object.setMaxEntries("ring", 65_536);
    object.load();
    const map = object.map("ring");
    expect(addon().describeMap(map)).toMatchObject({ name: "ring", maxEntries: 65_536 });
    map.close();
  });

  test.each(["this", "another"])(
    "a program that the verifier refuses in %s thread comes with the verifier's log",
    (thread) => {
      const object = openTestObject("refused");
      onTestFinished(() => object.close());
      if (thread === "another") object.startLoading();
      expect(() => object.load()).toThrow(
        expect.objectContaining({
          code: "EACCES",
          operation: "load the BPF object programs",
          verifierLog: expect.stringContaining("map_value_or_null"),
        }),
      );
    },
  );

  test("a map that the kernel refuses comes with what libbpf said, and no verifier's log", () => {
    const object = openTestObject("push");
    onTestFinished(() => object.close());
    object.setMaxEntries("scratch", 0xffff_ffff);
    expect(() => object.load()).toThrow(
      expect.objectContaining({ log: expect.stringContaining("map 'scratch': failed to create"), verifierLog: "" }),
    );
  });

  test("an object that is loaded in another thread is there when it is asked for", () => {
    const object = openTestObject("push");
    object.startLoading();
    expect(() => object.startLoading()).toThrow(expect.objectContaining({ code: "EBUSY" }));
    object.load();
    for (const taken of [object.program("push"), object.map("ring"), object]) taken.close();
  });

  test("an object that failed to load cannot be used, nor loaded again", () => {
    const object = openTestObject("refused");
    onTestFinished(() => object.close());
    expect(() => object.load()).toThrow(/EACCES/);
    expect(() => object.load()).toThrow(expect.objectContaining({ code: "EINVAL", verifierLog: "" }));
    expect(() => object.map("ring")).toThrow(expect.objectContaining({ code: "EBADF" }));
    expect(() => object.program("refused")).toThrow(expect.objectContaining({ code: "EBADF" }));
  });
});
