// aes_encrypt and aes_decrypt, in the modes ECB, CBC and GCM.
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <memory>

#include "base/error.h"
#include "functions/call_names.h"
#include "functions/families.h"
#include "functions/kernel.h"

namespace pyrite {
namespace {

using lowering::Own;

constexpr std::string_view both_names = "`aes_encrypt`/`aes_decrypt`";
constexpr size_t tag_size = 16;

enum class Mode { ecb, cbc, gcm };

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  return out;
}

Mode mode_of(std::string_view mode, std::string_view padding) {
  const std::string name = upper(mode);
  const std::string fill = upper(padding);
  if (name == "GCM" && (fill == "NONE" || fill == "DEFAULT")) {
    return Mode::gcm;
  }
  if (name == "ECB" && (fill == "PKCS" || fill == "DEFAULT")) {
    return Mode::ecb;
  }
  if (name == "CBC" && (fill == "PKCS" || fill == "DEFAULT")) {
    return Mode::cbc;
  }
  throw SparkError(
      "UNSUPPORTED_FEATURE.AES_MODE",
      {{"mode", std::string(mode)}, {"padding", std::string(padding)}, {"functionName", std::string(both_names)}});
}

const char* name_of(Mode mode) { return mode == Mode::ecb ? "ECB" : mode == Mode::cbc ? "CBC" : "GCM"; }

const EVP_CIPHER* cipher_of(Mode mode, size_t key_size) {
  const EVP_CIPHER* ciphers[3][3] = {{EVP_aes_128_ecb(), EVP_aes_192_ecb(), EVP_aes_256_ecb()},
                                     {EVP_aes_128_cbc(), EVP_aes_192_cbc(), EVP_aes_256_cbc()},
                                     {EVP_aes_128_gcm(), EVP_aes_192_gcm(), EVP_aes_256_gcm()}};
  if (key_size != 16 && key_size != 24 && key_size != 32) {
    throw SparkError("INVALID_PARAMETER_VALUE.AES_KEY_LENGTH", {{"parameter", "`key`"},
                                                                {"functionName", std::string(both_names)},
                                                                {"actualLength", std::to_string(key_size)}});
  }
  return ciphers[static_cast<int>(mode)][key_size / 8 - 2];
}

[[noreturn]] void crypto_error(const char* detail) {
  throw SparkError(
      "INVALID_PARAMETER_VALUE.AES_CRYPTO_ERROR",
      {{"parameter", "`expr`, `key`"}, {"functionName", std::string(both_names)}, {"detailMessage", detail}});
}

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

std::string run_cipher(Mode mode, bool encrypt, std::string_view input, std::string_view key, std::string_view iv,
                       std::string_view aad, std::string_view tag) {
  const Context context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  std::string out(input.size() + 32, '\0');
  auto* target = reinterpret_cast<unsigned char*>(out.data());
  int written = 0;
  int last = 0;
  if (EVP_CipherInit_ex(context.get(), cipher_of(mode, key.size()), nullptr, bytes_of(key),
                        iv.empty() ? nullptr : bytes_of(iv), encrypt ? 1 : 0) != 1) {
    crypto_error("the cipher refused its key");
  }
  if (mode == Mode::gcm && !aad.empty()) {
    int ignored = 0;
    EVP_CipherUpdate(context.get(), nullptr, &ignored, bytes_of(aad), static_cast<int>(aad.size()));
  }
  if (EVP_CipherUpdate(context.get(), target, &written, bytes_of(input), static_cast<int>(input.size())) != 1) {
    crypto_error("the cipher refused its input");
  }
  if (mode == Mode::gcm && !encrypt) {
    EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_size, const_cast<char*>(tag.data()));
  }
  if (EVP_CipherFinal_ex(context.get(), target + written, &last) != 1) {
    crypto_error(mode == Mode::gcm ? "Tag mismatch" : "the padding or length of the input is wrong");
  }
  out.resize(static_cast<size_t>(written + last));
  if (mode == Mode::gcm && encrypt) {
    char made[tag_size];
    EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_size, made);
    out.append(made, tag_size);
  }
  return out;
}

std::string aes_encrypt(std::string_view input, std::string_view key, Given<std::string_view> mode_name,
                        Given<std::string_view> padding, Given<std::string_view> iv, Given<std::string_view> aad) {
  const Mode mode = mode_of(mode_name.value_or("GCM"), padding.value_or("DEFAULT"));
  cipher_of(mode, key.size());
  const size_t iv_size = mode == Mode::gcm ? 12 : mode == Mode::cbc ? 16 : 0;
  std::string vector(iv.value_or({}));
  if (!vector.empty() && mode == Mode::ecb) {
    throw SparkError("UNSUPPORTED_FEATURE.AES_MODE_IV", {{"mode", name_of(mode)}, {"functionName", "`aes_encrypt`"}});
  }
  if (!vector.empty() && vector.size() != iv_size) {
    throw SparkError("INVALID_PARAMETER_VALUE.AES_IV_LENGTH", {{"mode", name_of(mode)},
                                                               {"parameter", "`iv`"},
                                                               {"functionName", std::string(both_names)},
                                                               {"actualLength", std::to_string(vector.size())}});
  }
  if (!aad.value_or({}).empty() && mode != Mode::gcm) {
    throw SparkError("UNSUPPORTED_FEATURE.AES_MODE_AAD", {{"mode", name_of(mode)}, {"functionName", "`aes_encrypt`"}});
  }
  if (vector.empty() && iv_size > 0) {
    vector.resize(iv_size);
    RAND_bytes(reinterpret_cast<unsigned char*>(vector.data()), static_cast<int>(iv_size));
  }
  return vector + run_cipher(mode, true, input, key, vector, aad.value_or({}), {});
}

std::string decrypt(std::string_view input, std::string_view key, Given<std::string_view> mode_name,
                    Given<std::string_view> padding, Given<std::string_view> aad) {
  const Mode mode = mode_of(mode_name.value_or("GCM"), padding.value_or("DEFAULT"));
  cipher_of(mode, key.size());
  if (!aad.value_or({}).empty() && mode != Mode::gcm) {
    throw SparkError("UNSUPPORTED_FEATURE.AES_MODE_AAD", {{"mode", name_of(mode)}, {"functionName", "`aes_decrypt`"}});
  }
  const size_t iv_size = mode == Mode::gcm ? 12 : mode == Mode::cbc ? 16 : 0;
  const size_t tail = mode == Mode::gcm ? tag_size : 0;
  if (input.size() < iv_size + tail) {
    crypto_error("the input is too short");
  }
  return run_cipher(mode, false, input.substr(iv_size, input.size() - iv_size - tail), key, input.substr(0, iv_size),
                    aad.value_or({}), input.substr(input.size() - tail));
}

std::optional<std::string> aes_decrypt(const KernelContext& context, std::string_view input, std::string_view key,
                                       Given<std::string_view> mode, Given<std::string_view> padding,
                                       Given<std::string_view> aad) {
  if (!context.call.function->name.starts_with("try_")) {
    return decrypt(input, key, mode, padding, aad);
  }
  try {
    return decrypt(input, key, mode, padding, aad);
  } catch (const SparkError&) {
    return std::nullopt;
  }
}

constexpr FunctionDef rows[] = {
    {.name = "aes_encrypt",
     .forms = {"(binary, binary, [string], [string], [binary], [binary]) -> binary"},
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .display = show_defaults<6, "GCM", "DEFAULT", "", "">,
     .lower = Own{kernel<aes_encrypt>},
     .errors = {"INVALID_PARAMETER_VALUE.AES_KEY_LENGTH", "UNSUPPORTED_FEATURE.AES_MODE"},
     .doc = "Encrypts bytes with AES, given key, mode (GCM, CBC or ECB), padding, initialization vector and additional "
            "data.",
     .examples = {"hex(aes_encrypt('Spark', '0000111122223333', 'ECB')) = '348FF37EBDE05B7880BA339068FBDA5E'"},
     .since = "3.3.0",
     .group = "misc_funcs"},
    {.name = "aes_decrypt",
     .forms = {"(binary, binary, [string], [string], [binary]) -> binary"},
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .display = show_defaults<5, "GCM", "DEFAULT", "">,
     .lower = Own{kernel<aes_decrypt>},
     .errors = {"INVALID_PARAMETER_VALUE.AES_KEY_LENGTH", "INVALID_PARAMETER_VALUE.AES_CRYPTO_ERROR"},
     .doc = "Decrypts what aes_encrypt made.",
     .examples = {"aes_decrypt(aes_encrypt('Spark', '0000111122223333'), '0000111122223333') = X'537061726B'"},
     .since = "3.3.0",
     .group = "misc_funcs"},
    {.name = "try_aes_decrypt",
     .forms = {"(binary, binary, [string], [string], [binary]) -> binary"},
     .nullability = Nullability::always,
     .display = show_defaults<5, "GCM", "DEFAULT", "">,
     .lower = Own{kernel<aes_decrypt>},
     .doc = "As aes_decrypt, with NULL in place of an error.",
     .examples = {"try_aes_decrypt(X'00', '0000111122223333') = NULL"},
     .since = "3.5.0",
     .group = "misc_funcs"},
};

}  // namespace

std::span<const FunctionDef> crypt_functions() { return rows; }

}  // namespace pyrite
