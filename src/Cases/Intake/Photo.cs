// In: a file that is said to be a photo. Out: the same drawn anew as a JPEG of at most 2,048 pixels a side, upright, with nothing in it but the picture; and where it was taken, if it said so.
// Refuses what is no photo, what is too large to be one, what was cut off on the way, and what holds a script beside its picture.
using Lizhou.Kernel;
using MetadataExtractor;
using MetadataExtractor.Formats.Exif;
using Microsoft.AspNetCore.Http;
using SkiaSharp;

namespace Lizhou.Cases.Intake;

/// <param name="X">Longitude, WGS 84, degrees; null where the camera wrote none.</param>
internal sealed record Photo(byte[] Jpeg, double? X, double? Y)
{
    /// <summary>With one report or act.</summary>
    public const int Most = 3;

    public const int MostBytes = 10 << 20;
    private const int Longest = 2_048;
    private const long MostPixels = 50_000_000;
    private const int Quality = 82;
    private static readonly SKEncodedImageFormat[] Formats = [SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Png, SKEncodedImageFormat.Webp];
    private static readonly byte[][] Scripts = [.. new[] { "<script", "<?php", "javascript:", "<svg", "<html" }.Select(s => System.Text.Encoding.ASCII.GetBytes(s))];

    /// <summary>One at once, read and drawn: a picture of 50 million pixels takes 200 MB while it is drawn, and anybody may send some.</summary>
    private static readonly SemaphoreSlim Desk = new(1);

    public static async Task<Result<Photo>> Read(Stream file, CancellationToken stop)
    {
        await Desk.WaitAsync(stop);
        try
        {
            return await Whole(file, stop) is { } bytes && !Array.Exists(Scripts, s => Holds(bytes, s)) && Drawn(bytes) is { } jpeg && Position(bytes) is var (x, y) ? new Photo(jpeg, x, y) : Problems.NoPhoto;
        }
        finally
        {
            Desk.Release();
        }
    }

    /// <summary>The photos of a form; the first that is none, or is one too many, is told by its place and name. A field nobody chose a file in comes without a name.</summary>
    public static async Task<Result<IReadOnlyList<Photo>>> ReadAll(IReadOnlyList<IFormFile> files, int most, CancellationToken stop)
    {
        List<Photo> photos = [];
        foreach (var file in files.Where(f => f.Length > 0 || f.FileName.Length > 0))
        {
            await using var stream = file.OpenReadStream();
            if (photos.Count == most || await Read(stream, stop) is not { Refused: false } read)
            {
                return Problems.WrongPhoto.With(photos.Count + 1, Called(file.FileName)).At(file.Name);
            }

            photos.Add(read.Value);
        }

        return photos;
    }

    private static string Called(string file) => string.Concat(Path.GetFileName(file).Where(c => !char.IsControl(c)).Take(60)) is { Length: > 0 } name ? name : "—";

    /// <returns>Null where it is longer than a photo may be.</returns>
    private static async Task<byte[]?> Whole(Stream file, CancellationToken stop)
    {
        using var kept = new MemoryStream();
        var part = new byte[64 << 10];
        for (int read; (read = await file.ReadAsync(part, stop)) > 0;)
        {
            kept.Write(part, 0, read);
            if (kept.Length > MostBytes)
            {
                return null;
            }
        }

        return kept.ToArray();
    }

    /// <returns>Null where it is no picture of the kinds that cameras make.</returns>
    private static byte[]? Drawn(byte[] bytes)
    {
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data);
        if (codec is null || !Formats.Contains(codec.EncodedFormat) || codec.Info is not { Width: > 0, Height: > 0 } told || (long)told.Width * told.Height > MostPixels)
        {
            return null;
        }

        var read = new SKImageInfo(told.Width, told.Height, SKColorType.Rgba8888, SKAlphaType.Premul);
        using var whole = new SKBitmap(read);
        if (codec.GetPixels(read, whole.GetPixels()) != SKCodecResult.Success)
        {
            return null; // Cut off, it would be a picture with a grey rest.
        }

        var scale = Math.Min(1f, (float)Longest / Math.Max(told.Width, told.Height));
        var (width, height, turned) = ((int)Math.Max(1, told.Width * scale), (int)Math.Max(1, told.Height * scale), codec.EncodedOrigin >= SKEncodedOrigin.LeftTop);
        using var surface = SKSurface.Create(new SKImageInfo(turned ? height : width, turned ? width : height));
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.Concat(Upright(codec.EncodedOrigin, width, height));
        using var picture = SKImage.FromBitmap(whole);
        surface.Canvas.DrawImage(picture, new SKRect(0, 0, width, height), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using var image = surface.Snapshot();
        using var jpeg = image.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return jpeg.ToArray();
    }

    /// <summary>How a picture of that size is turned so that it stands, by EXIF's orientation.</summary>
    private static SKMatrix Upright(SKEncodedOrigin origin, float width, float height) => origin switch
    {
        SKEncodedOrigin.TopRight => new(-1, 0, width, 0, 1, 0, 0, 0, 1),
        SKEncodedOrigin.BottomRight => new(-1, 0, width, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.BottomLeft => new(1, 0, 0, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.LeftTop => new(0, 1, 0, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightTop => new(0, -1, height, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightBottom => new(0, -1, height, -1, 0, width, 0, 0, 1),
        SKEncodedOrigin.LeftBottom => new(0, 1, 0, -1, 0, width, 0, 0, 1),
        _ => SKMatrix.Identity,
    };

    private static (double? X, double? Y) Position(byte[] bytes)
    {
        try
        {
            using var stream = new MemoryStream(bytes);
            return ImageMetadataReader.ReadMetadata(stream).OfType<GpsDirectory>().FirstOrDefault()?.GetGeoLocation() is { IsZero: false } at && Math.Abs(at.Longitude) <= 180 && Math.Abs(at.Latitude) <= 90 ? (at.Longitude, at.Latitude) : (null, null);
        }
        catch (Exception broken) when (broken is ImageProcessingException or IOException or MetadataException)
        {
            return (null, null); // What the camera wrote is broken; the picture is not.
        }
    }

    private static bool Holds(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> script)
    {
        for (var from = 0; from <= bytes.Length - script.Length; from++)
        {
            var at = bytes[from..].IndexOfAny(script[0], (byte)char.ToUpperInvariant((char)script[0]));
            if (at < 0 || (from += at) > bytes.Length - script.Length)
            {
                return false;
            }

            if (System.Text.Ascii.EqualsIgnoreCase(bytes.Slice(from, script.Length), script))
            {
                return true;
            }
        }

        return false;
    }
}
