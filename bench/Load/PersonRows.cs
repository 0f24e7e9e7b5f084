// Writes 模拟 rows of about 200 bytes: record number, two check-character columns, a formatted phone, date, decimal, integer, time, texts.
// Deterministic by row number; a share of rows can be made bad in one of eight ways.
using System.Globalization;
using System.Text;

namespace Lizhou.Load.Bench;

internal sealed class PersonRows(double badShare)
{
    private const string Credit = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    private static readonly string[] Names = ["张伟", "王秀英", "李娜", "胡建国", "应小芳", "吕志强", "程丽", "徐海燕", "陈永康", "朱明"];
    private static readonly string[] Streets = ["东城街道丽州中路", "西城街道花城西路", "江南街道永富路", "芝英镇紫霄路", "古山镇金江龙村", "龙山镇四路口", "象珠镇清渭街"];
    private static readonly string[] Notes = ["正常 上报", "补录", "窗口受理 材料齐全", "网上申报 待核", "批量导入", "乡镇上报 已核"];

    /// <summary>Writes rows <paramref name="first"/> … <paramref name="first"/> + <paramref name="count"/> − 1 without a header.</summary>
    public void Write(Stream to, long first, long count)
    {
        using var writer = new StreamWriter(to, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
        var row = new StringBuilder(256);
        for (var n = first; n < first + count; n++)
        {
            Append(row.Clear(), n);
            writer.Write(row);
        }
    }

    private void Append(StringBuilder row, long n)
    {
        var h = Mix((ulong)n);
        var bad = (h >> 11) * (1.0 / (1UL << 53)) < badShare ? (int)(Mix(h) % 8) : -1;
        var birth = new DateOnly(1940, 1, 1).AddDays((int)(h % 29000));
        var id = IdNumber(h, birth);
        var unit = CreditCode(Mix(h ^ 5));
        row.Append(n).Append(',')
            .Append(bad == 0 ? id[..17] + (id[17] == '1' ? '2' : '1') : id).Append(',')
            .Append(bad == 1 ? unit[..17] + (unit[17] == 'A' ? 'B' : 'A') : unit).Append(',')
            .Append(bad == 2 ? "" : Names[h % 10] + Names[(h >> 8) % 10]).Append(',')
            .Append(bad == 3 ? "1380013" : "1").Append(3 + (h % 7)).Append(((h >> 7) % 1_000_000_000).ToString("D9", CultureInfo.InvariantCulture)).Append(',')
            .Append(bad == 4 ? "1979-02-30" : birth.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).Append(',')
            .Append(bad == 5 ? "约" : "").Append((h >> 20) % 1_000_000).Append('.').Append(((h >> 3) % 100).ToString("D2", CultureInfo.InvariantCulture)).Append(',')
            .Append(bad == 6 ? "12x" : "").Append((h >> 30) % 5000).Append(',')
            .Append(bad == 7 ? "2026-11-24 25:00:00" : new DateTime(2020, 1, 1).AddSeconds((h >> 9) % 200_000_000).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)).Append(',')
            .Append("永康市").Append(Streets[(h >> 5) % 7]).Append((h >> 17) % 900).Append('号').Append((h >> 33) % 30).Append("单元,")
            .Append(((h >> 40) % 9) + 10).Append(',')
            .Append(Notes[(h >> 13) % 6]).Append(' ').Append((h >> 8).ToString("x", CultureInfo.InvariantCulture).AsSpan(0, 6)).Append('\n');
    }

    /// <summary>Division 330799, which does not exist: no real person's number.</summary>
    private static string IdNumber(ulong h, DateOnly birth)
    {
        var stem = "330799" + birth.ToString("yyyyMMdd", CultureInfo.InvariantCulture) + ((h >> 44) % 1000).ToString("D3", CultureInfo.InvariantCulture);
        int weight = 7, sum = 0; // 2^17 mod 11, then halved (× 6) from place to place
        foreach (var c in stem)
        {
            sum += (c - '0') * weight;
            weight = weight * 6 % 11;
        }

        return stem + "10X98765432"[sum % 11];
    }

    private static string CreditCode(ulong h)
    {
        Span<char> code = stackalloc char[18];
        "91330799MA".CopyTo(code);
        for (var i = 10; i < 16; i++, h /= 31)
        {
            code[i] = Credit[(int)(h % 31)];
        }

        ReadOnlySpan<int> weights = [3, 7, 9, 10, 5, 8, 4, 2];
        var sum = 0;
        for (var i = 0; i < 8; i++)
        {
            var c = code[8 + i];
            sum += (char.IsAsciiDigit(c) ? c - '0' : c - 'A' + 10) * weights[i];
        }

        code[16] = "0X987654321"[sum % 11];
        int weight = 1, total = 0;
        for (var i = 0; i < 17; i++, weight = weight * 3 % 31)
        {
            total += Credit.IndexOf(code[i], StringComparison.Ordinal) * weight;
        }

        code[17] = Credit[(31 - (total % 31)) % 31];
        return code.ToString();
    }

    private static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
