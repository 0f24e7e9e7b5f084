// In: a JPEG. Out: the same as a camera writes it: how it was held, and where it was taken: 28° 54′ N, 120° 2′ E.
namespace Lizhou.Tests.Support;

public static class Exif
{
    /// <param name="orientation">1 to 8, as EXIF counts; 1: upright.</param>
    public static byte[] Written(byte[] jpeg, ushort orientation)
    {
        using var block = new MemoryStream();
        using var to = new BinaryWriter(block);
        to.Write("Exif\0\0II*\0"u8);
        to.Write(8); // IFD0 begins here, counted from "II"
        to.Write((ushort)2);
        Entry(to, 0x0112, 3, 1, orientation);
        Entry(to, 0x8825, 4, 1, 38);
        to.Write(0);
        to.Write((ushort)4); // at 38: GPS
        Entry(to, 1, 2, 2, 'N');
        Entry(to, 2, 5, 3, 92);
        Entry(to, 3, 2, 2, 'E');
        Entry(to, 4, 5, 3, 116);
        to.Write(0);
        foreach (var part in new[] { 28, 54, 0, 120, 2, 0 })
        {
            to.Write(part);
            to.Write(1);
        }

        var exif = block.ToArray();
        return [.. jpeg[..2], 0xFF, 0xE1, (byte)((exif.Length + 2) >> 8), (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];

        static void Entry(BinaryWriter to, ushort tag, ushort type, int count, int value)
        {
            to.Write(tag);
            to.Write(type);
            to.Write(count);
            to.Write(value);
        }
    }
}
