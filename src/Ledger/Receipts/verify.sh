#!/bin/sh
# Checks a receipt of the Lizhou ledger with OpenSSL alone. 用 OpenSSL 独立校验一份存证回执。
#   sh verify.sh [FOLDER] [--signer FINGERPRINT]
# FOLDER is the unpacked receipt (default: where this script is). FINGERPRINT is the SHA-256 fingerprint of the signer's certificate as the city
# publishes it: without it the check proves that the receipt is consistent, with it also whose it is. Exit code 0: good, 1: not good, 2: cannot check.
set -u
LC_ALL=C; export LC_ALL
folder='' wanted=''
while [ $# -gt 0 ]; do
  case $1 in
    --signer) wanted=$(printf %s "${2:-}" | tr -d ': \n' | tr A-F a-f); [ -n "$wanted" ] || { echo "--signer needs a fingerprint" >&2; exit 2; }; shift 2 ;;
    *) folder=$1; shift ;;
  esac
done
[ -n "$folder" ] || folder=$(dirname -- "$0")
command -v openssl >/dev/null || { echo "openssl is not installed" >&2; exit 2; }
cd -- "$folder" 2>/dev/null || { echo "no folder $folder" >&2; exit 2; }
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

red() { echo "NOT GOOD 不通过: $*" >&2; exit 1; }
digest() { openssl dgst "-$1" -r | cut -d' ' -f1; }
field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p" statement.json; }
unhex() { printf "$(printf %s "$1" | sed 's/../\\x&/g' | awk '{ n = split($0, b, "\\\\x"); for (i = 2; i <= n; i++) { h = index("0123456789abcdef", substr(b[i], 1, 1)) - 1; l = index("0123456789abcdef", substr(b[i], 2, 1)) - 1; printf "\\%03o", h * 16 + l } }')"; }

# 1. Nothing was lost or damaged on the way.
files='entry.json path.txt signer.cer stamp.tsr stamper.cer statement.cms statement.json verify.sh'
[ "$(cut -c67- SHA256SUMS 2>/dev/null | sort | tr '\n' ' ')" = "$files " ] || red "SHA256SUMS does not list the receipt's files"
for name in $files; do
  [ -f "$name" ] || red "$name is missing"
  [ "$(digest sha256 <"$name")  $name" = "$(grep "  $name\$" SHA256SUMS)" ] || red "$name is damaged"
done

# 2. The entry is a leaf of the batch's tree: from its bytes up to the root.
hash=$(field hash)
case $hash in sha256|sm3) ;; *) red "unknown digest $hash" ;; esac
at=$( { printf '\000'; cat entry.json; } | digest "$hash")
while read -r side sibling rest; do
  [ ${#sibling} = 64 ] && [ -z "$rest" ] || red "path.txt is not a path"
  case $side in
    L) at=$( { printf '\001'; unhex "$sibling"; unhex "$at"; } | digest "$hash") ;;
    R) at=$( { printf '\001'; unhex "$at"; unhex "$sibling"; } | digest "$hash") ;;
    *) red "path.txt is not a path" ;;
  esac
done <path.txt
[ "$at" = "$(field root)" ] || red "the entry is not in the sealed batch"
entry=$(sed -n 's/^{"before":"[0-9a-f]*","seq":\([0-9]*\),.*/\1/p' entry.json)
[ -n "$entry" ] && [ "$entry" -ge "$(field first)" ] && [ "$entry" -le "$(field last)" ] || red "the entry's number is not in the batch"

# 3. The statement about the batch is signed by the certificate it names.
fingerprint=$(digest sha256 <signer.cer)
[ "$fingerprint" = "$(field signer)" ] || red "signer.cer is not the certificate the statement names"
[ -z "$wanted" ] || [ "$fingerprint" = "$wanted" ] || red "the signer's certificate is $fingerprint, not the expected one"
openssl x509 -inform DER -in signer.cer -out "$work/signer.pem" 2>/dev/null || red "signer.cer is not a certificate"
if [ "$hash" = sm3 ]; then
  # OpenSSL verifies SM2 over SM3 (GM/T 0003.2, 0004) but not inside CMS. So the signed attributes and the signature are taken out of it: the attributes are signed as a
  # SET (RFC 5652, 5.4), the digest among them must be the statement's. In asn1parse's depths both are at 5; what is signed comes last.
  openssl list -public-key-algorithms 2>/dev/null | grep -qi sm2 || { echo "this openssl has no SM2 此 openssl 不支持 SM2" >&2; exit 2; }
  openssl asn1parse -inform DER -in statement.cms >"$work/parts" 2>/dev/null || red "statement.cms is not a signature"
  part() { sed -n "s/^ *\([0-9]*\):d=5 *hl= *\([0-9]*\) *l= *\([0-9]*\) *$1.*/\1 \2 \3/p" "$work/parts" | tail -n 1; }
  bytes() { tail -c "+$(($1 + 1))" statement.cms | head -c "$2"; }
  set -- $(part 'cons: cont \[ 0 \]'); [ $# = 3 ] || red "statement.cms has no signed attributes"
  { printf '\061'; bytes $(($1 + 1)) $(($2 + $3 - 1)); } >"$work/signed"
  set -- $(part 'prim: OCTET STRING'); [ $# = 3 ] || red "statement.cms has no signature"
  bytes $(($1 + $2)) "$3" >"$work/signature"
  told=$(openssl asn1parse -inform DER -in "$work/signed" 2>/dev/null | sed -n '/:messageDigest/,/OCTET STRING/s/.*\[HEX DUMP\]://p' | tr A-F a-f)
  [ "$told" = "$(digest sm3 <statement.json)" ] || red "the signature is of another statement"
  openssl x509 -in "$work/signer.pem" -pubkey -noout >"$work/signer.pub" 2>/dev/null || red "signer.cer has no key that OpenSSL knows"
  openssl dgst -sm3 -verify "$work/signer.pub" -sigopt distid:1234567812345678 -signature "$work/signature" "$work/signed" >"$work/log" 2>&1 || red "the signature is not good: $(head -1 "$work/log")"
else
  openssl cms -verify -binary -inform DER -in statement.cms -content statement.json -CAfile "$work/signer.pem" -partial_chain -purpose any -no_check_time -out /dev/null 2>"$work/log" ||
    red "the signature is not good: $(head -1 "$work/log")"
fi

# 4. The signature existed when the time stamp says.
openssl x509 -inform DER -in stamper.cer -out "$work/stamper.pem" 2>/dev/null || red "stamper.cer is not a certificate"
openssl ts -verify -in stamp.tsr -data statement.cms -CAfile "$work/stamper.pem" -partial_chain -no_check_time >"$work/log" 2>&1 || red "the time stamp is not good: $(head -1 "$work/log")"

echo "GOOD 通过: entry $entry 条, batch $(field batch) 批 ($(field first)-$(field last))"
echo "signer 签名证书 SHA-256: $fingerprint$([ -n "$wanted" ] || echo ' (compare it with the one the city publishes 请与公布的指纹核对)')"
[ -n "$wanted" ] || echo "NOT PINNED 未核对签名者: without --signer this only says that the receipt fits itself; anybody can make one 未用 --signer 核对指纹，只说明回执自身一致，不说明出自本市" >&2
openssl ts -reply -in stamp.tsr -text 2>/dev/null | sed -n 's/^Time stamp: /time stamp 时间戳: /p'
echo "stamped by 时间戳签发: $(openssl x509 -in "$work/stamper.pem" -noout -subject -nameopt utf8,sname 2>/dev/null)"
