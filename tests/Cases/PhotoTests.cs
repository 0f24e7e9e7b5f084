// Photos of reports: drawn anew, upright, without what the camera wrote; where they were taken is told; what is no photo is refused.
using Lizhou.Cases.Intake;
using Lizhou.Tests.Support;
using MetadataExtractor;
using MetadataExtractor.Formats.Exif;
using SkiaSharp;

namespace Lizhou.Cases.Tests;

public sealed class PhotoTests
{
    [Fact]
    public async Task A_photo_stands_upright_tells_where_it_was_taken_and_keeps_nothing_of_it()
    {
        var taken = Exif.Written(Picture(40, 20, SKEncodedImageFormat.Jpeg), orientation: 6);
        using (var before = new MemoryStream(taken))
        {
            ImageMetadataReader.ReadMetadata(before).OfType<GpsDirectory>().ShouldNotBeEmpty();
        }

        var photo = (await Read(taken)).Value;
        (Math.Round(photo.X!.Value, 4), Math.Round(photo.Y!.Value, 4)).ShouldBe((120.0333, 28.9));
        using var kept = SKBitmap.Decode(photo.Jpeg);
        (kept.Width, kept.Height).ShouldBe((20, 40));
        // The left half was red: turned by a quarter to the right, it is the upper one.
        kept.GetPixel(10, 5).Red.ShouldBeGreaterThan((byte)200);
        kept.GetPixel(10, 35).Blue.ShouldBeGreaterThan((byte)200);
        using var after = new MemoryStream(photo.Jpeg);
        ImageMetadataReader.ReadMetadata(after).ShouldNotContain(d => d is GpsDirectory || d is ExifDirectoryBase);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public async Task Pictures_of_other_kinds_become_jpegs_of_at_most_2048_pixels_a_side(SKEncodedImageFormat format)
    {
        var photo = (await Read(Picture(5_000, 100, format))).Value;
        using var kept = SKBitmap.Decode(photo.Jpeg);
        (kept.Width, kept.Height).ShouldBe((2_048, 40));
        photo.X.ShouldBeNull();
        photo.Jpeg.AsSpan(0, 2).ToArray().ShouldBe([0xFF, 0xD8]);
    }

    [Fact]
    public async Task What_is_no_photo_is_refused()
    {
        var good = Picture(40, 20, SKEncodedImageFormat.Jpeg);
        byte[][] bad =
        [
            [], "GIF89a"u8.ToArray(), "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"u8.ToArray(), "%PDF-1.4"u8.ToArray(), good[..30],
            good[..(good.Length / 3)], good[..(good.Length * 9 / 10)], [.. good, .. "<SCRIPT>alert(1)</SCRIPT>"u8], [.. good, .. "<?php system($_GET[0]);"u8], Picture(40, 20, SKEncodedImageFormat.Png)[..40], Half(SKEncodedImageFormat.Png), Half(SKEncodedImageFormat.Webp), Bomb(), new byte[Photo.MostBytes + 1],
        ];
        foreach (var one in bad)
        {
            (await Read(one)).Problem!.Code.ShouldBe("CAS-022", System.Text.Encoding.ASCII.GetString(one, 0, Math.Min(one.Length, 20)));
        }
    }

    private static async Task<Kernel.Result<Photo>> Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return await Photo.Read(stream, default);
    }

    private static byte[] Half(SKEncodedImageFormat format) => Picture(400, 300, format) is var whole ? whole[..(whole.Length / 2)] : [];

    /// <summary>Red on the left, blue on the right.</summary>
    internal static byte[] Picture(int width, int height, SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(width, height);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(SKColors.Blue);
            using var red = new SKPaint { Color = SKColors.Red };
            canvas.DrawRect(0, 0, width / 2f, height, red);
        }

        using var data = bitmap.Encode(format, 95);
        return data.ToArray();
    }

    /// <summary>A PNG of a few bytes that says it has 60,000 × 60,000 pixels.</summary>
    private static byte[] Bomb()
    {
        var png = Picture(1, 1, SKEncodedImageFormat.Png);
        foreach (var at in new[] { 16, 20 })
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(at), 60_000);
        }

        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc(png.AsSpan(12, 17)));
        return png;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : 0xEDB88320);
            }
        }

        return ~crc;
    }
}
