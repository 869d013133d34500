// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.pe;

import io.sgcsign.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A real Windows program for x64, made byte by byte: prints a line to the console and ends with
 * code 0. The quickstart signs it, so that no binary lies in the repository.
 */
public final class SampleProgram {
  private static final String GREETING = "Hello from sgcsign\r\n";
  private static final List<String> IMPORTS = List.of("GetStdHandle", "WriteFile", "ExitProcess");
  private static final int FILE_ALIGNMENT = 0x200;
  private static final int PAGE = 0x1000;
  private static final int NT_HEADERS = 0x80;
  private static final int OPTIONAL = NT_HEADERS + 24;
  private static final int DIRECTORIES = OPTIONAL + 112;
  private static final int SECTION_TABLE = OPTIONAL + 240;
  private static final int TEXT_RVA = PAGE;
  private static final int DATA_RVA = 2 * PAGE;
  private static final int TEXT_AT = FILE_ALIGNMENT;
  private static final int DATA_AT = 2 * FILE_ALIGNMENT;

  // offsets in .rdata: import descriptors, lookup table, address table, names, the greeting
  private static final int LOOKUP = 40; // two descriptors of 20 bytes, the second one all zeros
  private static final int ADDRESSES = LOOKUP + 8 * (IMPORTS.size() + 1);
  private static final int NAMES = ADDRESSES + 8 * (IMPORTS.size() + 1);
  private static final int NAME_SIZE = 16; // hint, name and padding
  private static final int LIBRARY = NAMES + NAME_SIZE * IMPORTS.size();
  private static final int TEXT = LIBRARY + 16;

  private final ByteBuffer file =
      ByteBuffer.allocate(3 * FILE_ALIGNMENT).order(ByteOrder.LITTLE_ENDIAN);

  private SampleProgram() {}

  /** The program, unsigned. Always the same bytes. */
  public static Bytes create() {
    var program = new SampleProgram();
    program.headers();
    program.section(0, ".text", TEXT_RVA, TEXT_AT, 0x60000020); // code, execute, read
    program.section(1, ".rdata", DATA_RVA, DATA_AT, 0x40000040); // initialised data, read
    program.code();
    program.data();
    return Bytes.wrap(program.file.array());
  }

  private void headers() {
    ascii(0, "MZ");
    file.putInt(0x3c, NT_HEADERS);
    ascii(NT_HEADERS, "PE\0\0");
    file.putShort(NT_HEADERS + 4, (short) 0x8664); // x64
    file.putShort(NT_HEADERS + 6, (short) 2); // sections
    file.putShort(NT_HEADERS + 20, (short) 240);
    file.putShort(NT_HEADERS + 22, (short) 0x0023); // no relocations, executable, large addresses
    file.putShort(OPTIONAL, (short) 0x20b); // PE32+
    file.putInt(OPTIONAL + 4, FILE_ALIGNMENT); // SizeOfCode
    file.putInt(OPTIONAL + 8, FILE_ALIGNMENT); // SizeOfInitializedData
    file.putInt(OPTIONAL + 16, TEXT_RVA); // entry point
    file.putInt(OPTIONAL + 20, TEXT_RVA); // BaseOfCode
    file.putLong(OPTIONAL + 24, 0x1_4000_0000L); // ImageBase
    file.putInt(OPTIONAL + 32, PAGE);
    file.putInt(OPTIONAL + 36, FILE_ALIGNMENT);
    file.putShort(OPTIONAL + 40, (short) 6); // operating system 6.0: Vista and later
    file.putShort(OPTIONAL + 48, (short) 6);
    file.putInt(OPTIONAL + 56, 3 * PAGE); // SizeOfImage
    file.putInt(OPTIONAL + 60, FILE_ALIGNMENT); // SizeOfHeaders
    file.putShort(OPTIONAL + 68, (short) 3); // console
    file.putShort(OPTIONAL + 70, (short) 0x8100); // terminal server aware, no execution of data
    file.putLong(OPTIONAL + 72, 0x100000).putLong(OPTIONAL + 80, PAGE); // stack
    file.putLong(OPTIONAL + 88, 0x100000).putLong(OPTIONAL + 96, PAGE); // heap
    file.putInt(OPTIONAL + 108, 16); // data directories
    file.putInt(DIRECTORIES + 8, DATA_RVA).putInt(DIRECTORIES + 12, LOOKUP); // imports
    int addresses = DIRECTORIES + 12 * 8;
    file.putInt(addresses, DATA_RVA + ADDRESSES).putInt(addresses + 4, NAMES - ADDRESSES);
  }

  private void section(int index, String name, int rva, int at, int flags) {
    int row = SECTION_TABLE + 40 * index;
    ascii(row, name);
    file.putInt(row + 8, FILE_ALIGNMENT);
    file.putInt(row + 12, rva);
    file.putInt(row + 16, FILE_ALIGNMENT);
    file.putInt(row + 20, at);
    file.putInt(row + 36, flags);
  }

  /** WriteFile(GetStdHandle(-11), greeting, length, &written, null); ExitProcess(0). */
  private void code() {
    file.position(TEXT_AT);
    emit("4883ec38"); // sub rsp, 0x38: shadow space, the fifth argument and a local
    emit("b9f5ffffff"); // mov ecx, STD_OUTPUT_HANDLE
    call(0);
    emit("4889c1"); // mov rcx, rax
    emit("488d15"); // lea rdx, [greeting]
    relative(TEXT);
    emit("41b8").putInt(GREETING.length()); // mov r8d, length
    emit("4c8d4c2428"); // lea r9, [rsp + 0x28]
    emit("48c744242000000000"); // mov qword [rsp + 0x20], 0
    call(1);
    emit("31c9"); // xor ecx, ecx
    call(2);
    emit("cc"); // int3: not reached
  }

  private ByteBuffer emit(String hex) {
    return file.put(Bytes.fromHex(hex).toArray());
  }

  private void call(int function) {
    emit("ff15"); // call qword [address table entry]
    relative(ADDRESSES + 8 * function);
  }

  /** A displacement from the end of this instruction to {@code offset} of .rdata. */
  private void relative(int offset) {
    int next = TEXT_RVA + file.position() + Integer.BYTES - TEXT_AT;
    file.putInt(DATA_RVA + offset - next);
  }

  private void data() {
    file.putInt(DATA_AT, DATA_RVA + LOOKUP);
    file.putInt(DATA_AT + 12, DATA_RVA + LIBRARY);
    file.putInt(DATA_AT + 16, DATA_RVA + ADDRESSES);
    for (int i = 0; i < IMPORTS.size(); i++) {
      int name = NAMES + NAME_SIZE * i;
      file.putLong(DATA_AT + LOOKUP + 8 * i, DATA_RVA + name);
      file.putLong(DATA_AT + ADDRESSES + 8 * i, DATA_RVA + name);
      ascii(DATA_AT + name + 2, IMPORTS.get(i));
    }
    ascii(DATA_AT + LIBRARY, "KERNEL32.dll");
    ascii(DATA_AT + TEXT, GREETING);
  }

  private void ascii(int at, String text) {
    file.put(at, text.getBytes(StandardCharsets.US_ASCII));
  }
}
